using System.Text.Json;
using Delivery.Mta.Tests.Messages;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>All that a job's content can have, through a real Mta to the peer.</summary>
public sealed class ContentTests
{
    [Fact]
    public async Task Everything_that_a_job_says_reaches_each_recipient()
    {
        await using var mta = await MtaFixture.StartAsync();
        var file = new byte[700_000];
        new Random(1).NextBytes(file);
        var job = MtaFixture.Job(20);
        job["content"] = new
        {
            from = new { email = "news@shop.example", name = "The Shop" },
            subject = "Number {{n}}",
            preheader = "Only for {{name}}",
            html = "<body><img src='cid:logo'><a href='https://shop.example/{{n}}#top'>look</a></body>",
            attachments = new[] { new { name = "Bericht für {{n}}.pdf", type = "application/pdf", data = Convert.ToBase64String(file) } },
            inline_images = new[] { new { name = "logo", type = "image/png", data = "AQID" } },
        };
        job["options"] = new { click_tracking = false, utm = new { source = "mail" } };

        var status = await mta.FinishedAsync(await mta.SubmitAsync(job));

        Assert.Equal(20, status.GetProperty("delivered").GetInt64());
        var mails = await PythonMail.ParseAllAsync([.. mta.Peer.Messages.Select(message => message.Raw)]);
        var subjects = new HashSet<string>();
        foreach (var mail in mails)
        {
            var n = mail.GetProperty("subject").GetString()!["Number ".Length..];
            Assert.True(subjects.Add(n));
            Assert.Equal("[]", mail.GetProperty("defects").GetRawText());
            Assert.Equal("mixed(alternative(text/plain,related(text/html,image/png)),application/pdf)", mail.GetProperty("tree").GetString());
            Assert.Contains($"Only for P{n}&#847;", mail.GetProperty("html").GetString(), StringComparison.Ordinal);
            Assert.Contains($"'https://shop.example/{n}?utm_source=mail#top'", mail.GetProperty("html").GetString(), StringComparison.Ordinal);
            Assert.Contains(mail.GetProperty("headers").EnumerateArray(), header => header[0].GetString() == "Feedback-ID" && header[1].GetString() == "spring:1:delivery");
            var files = mail.GetProperty("files").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("data").GetBytesFromBase64());
            Assert.Equal(file, files["Bericht für {{n}}.pdf"]);
            Assert.Equal([1, 2, 3], files["logo"]);
        }
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_sent()
    {
        await using var mta = await MtaFixture.StartAsync();
        var job = MtaFixture.Job(1);
        job["content"] = new { from = "a@shop.example", subject = "s", html = "<p>", attachments = new[] { new { name = "a\nb", type = "pdf", data = "AQID" } } };
        using var answer = await mta.PostAsync(job);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("content.attachments[0].name", problem.GetProperty("errors").ToString(), StringComparison.Ordinal);
        Assert.Contains("content.attachments[0].type", problem.GetProperty("errors").ToString(), StringComparison.Ordinal);
        Assert.Empty(mta.Peer.Messages);
    }
}
