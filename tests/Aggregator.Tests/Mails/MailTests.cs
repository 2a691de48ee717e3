using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Mails;

[Collection(SharedStoresCollection.Name)]
public class MailTests(SharedStores stores)
{
    private static readonly JobDimension Job = new(Installation.Account, 12, EventLimits.MinTimeMs, "spring", "Hello {{name}}", "a@b.example", "A", default);

    [Fact]
    public async Task A_mail_is_answered_whole_however_often_its_pieces_arrived()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(5);
        string[] pieces = [new string('א', 16_000), "<p title=\"\t\\\">\n'x'</p>\u2028", "<a data-position=\"1\">😀</a>"];
        for (var round = 0; round < 2; round++)
        {
            foreach (var piece in new[] { 2, 0, 1 })
            {
                await producer.PublishAsync(writer =>
                {
                    writer.AddJob(Job);
                    writer.AddMail(Piece(piece, pieces.Length, pieces[piece]));
                });
            }
        }

        await installation.DrainedAsync();

        var mail = await MailAsync(aggregator, 12);
        Assert.Equal(string.Concat(pieces), mail.GetProperty("html").GetString());
        Assert.Equal(("12", "Hello {{name}}", "he-IL", "rtl"), (Text(mail, "job"), Text(mail, "subject"), Text(mail, "language"), Text(mail, "direction")));
        Assert.Equal((true, JsonValueKind.Null), (mail.GetProperty("truncated").GetBoolean(), mail.GetProperty("reason").ValueKind));
        Assert.Equal("12\n", await installation.TextAsync("SELECT sum(last - first + 1) FROM numbers_aside WHERE what = 'dimension'"));
        Assert.Equal(0UL, await installation.NumberAsync("SELECT count() FROM events"));
    }

    [Fact]
    public async Task Where_there_is_no_mail_the_answer_says_why()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        var producer = installation.NewProducer(5);
        await producer.PublishAsync(writer =>
        {
            writer.AddJob(Job);
            writer.AddMail(Piece(0, 2, "<p>"));
            writer.AddJob(Job with { Job = 13 });
            writer.Add(new DeliveryEvent { Kind = EventKind.Delivered, TimeMs = EventLimits.MinTimeMs, Account = Installation.Account, Job = 14, Recipient = 0 });
        });
        await installation.DrainedAsync();

        foreach (var (job, reason) in new (ulong, string)[] { (12, "Not all pieces"), (13, "transactional"), (14, "transactional") })
        {
            var mail = await MailAsync(aggregator, job);
            Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, false), (mail.GetProperty("html").ValueKind, mail.GetProperty("direction").ValueKind, mail.GetProperty("truncated").GetBoolean()));
            Assert.Contains(reason, Text(mail, "reason"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mail_is_for_its_own_account_and_for_keys_that_may_read()
    {
        await using var installation = await stores.InstallAsync();
        var aggregator = await installation.StartAggregatorAsync();
        await installation.NewProducer(1).PublishAsync(writer =>
        {
            writer.AddJob(Job);
            writer.AddMail(Piece(0, 1, "<p>x</p>"));
        });
        await installation.DrainedAsync();

        foreach (var (path, key, status) in new (string, string?, HttpStatusCode)[]
        {
            ("/v1/jobs/12/mail", Installation.Key, HttpStatusCode.OK), ("/v1/jobs/12/mail", Installation.OtherKey, HttpStatusCode.NotFound),
            ("/v1/jobs/12/mail", Installation.SubmitKey, HttpStatusCode.Forbidden), ("/v1/jobs/12/mail", null, HttpStatusCode.Unauthorized),
            ("/v1/jobs/99/mail", Installation.Key, HttpStatusCode.NotFound), ("/v1/jobs/x/mail", Installation.Key, HttpStatusCode.NotFound),
            ("/v1/jobs/12/mail?format=csv", Installation.Key, HttpStatusCode.BadRequest),
        })
        {
            using var answer = await aggregator.GetAsync(path, key);
            Assert.Equal((path, key, status), (path, key, answer.StatusCode));
        }

        using var unknown = await aggregator.GetAsync("/v1/jobs/12/mail?part=text");
        Assert.Contains("'part'", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static MailDimension Piece(int piece, int pieces, string html) =>
        new(Installation.Account, 12, (ushort)piece, (ushort)pieces, true, "he-IL", "rtl", Encoding.UTF8.GetBytes(html));

    private static string? Text(JsonElement mail, string name) => mail.GetProperty(name).GetString();

    private static async Task<JsonElement> MailAsync(TestAggregator aggregator, ulong job)
    {
        using var response = await aggregator.GetAsync($"/v1/jobs/{job}/mail");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
