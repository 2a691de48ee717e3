using System.Buffers;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta;

/// <summary>
/// Takes a sample job through parsing, compiling, composing, packing and storing before the program is ready, so that the first real job
/// does not wait for the just-in-time compiler: its first message leaves within a second. Stores and sends nothing.
/// </summary>
internal sealed class WarmUp(MessageComposer composer, JobLoader loader, TimeProvider time) : IHostedService
{
    private const int Recipients = 200;
    private static readonly byte[] Empty = "{}"u8.ToArray();

    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(Run, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Run()
    {
        using var document = JsonDocument.Parse(Sample());
        var errors = new List<FieldError>();
        var job = SendJobParser.Parse(document.RootElement, Recipients, errors, [], []);
        if (job is null)
            throw new InvalidOperationException($"The sample job is refused: {errors[0]}");
        if (!CompiledContent.TryCompile(job.Content, loader.ComposeOptions(0, job.Options), out var content, out var faults))
            throw new InvalidOperationException($"The sample job does not compile: {faults[0]}");
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var entry = new EntryWriter();
        var spooled = new List<SpooledRecipient>();
        for (var i = 0; i < job.Recipients.Count; i++)
        {
            var recipient = job.Recipients[i];
            var input = new MessageInput
            {
                Account = 1,
                Job = 1,
                Recipient = (uint)i,
                Date = time.GetUtcNow(),
                Email = recipient.Address.Email,
                Name = recipient.Address.Name,
                Key = new RecipientKey(1, 1),
                SubstitutionData = recipient.SubstitutionData,
                JobSubstitutionData = job.SubstitutionData,
            };
            composer.TryCompose(content, input, output, out _);
            output.ResetWrittenCount();
            spooled.Add(new SpooledRecipient { Account = 1, Job = 1, Ordinal = (uint)i, Email = recipient.Address.Email, Key = new RecipientKey(1, 1), SubstitutionData = Empty });
            entry.AddAccepted(
                new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = (uint)i },
                new RecipientDimension(null, null, RecipientAddress.Domain(recipient.Address.Email), new RecipientKey(1, 1), default));
        }

        Rehearse(spooled, new OutboxEntry(0, entry.Count, entry.Written.ToArray()));
    }

    /// <summary>The writes of an acceptance and of outcomes, on a database in memory.</summary>
    private static void Rehearse(List<SpooledRecipient> recipients, OutboxEntry events)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using (var schema = connection.CreateCommand())
        {
            schema.CommandText = SpoolSchema.Sql;
            schema.ExecuteNonQuery();
        }

        using var session = new SpoolSession(connection);
        var job = new SpooledJob
        {
            Id = 1, Account = 1, CreatedMs = 1, CampaignId = "", ReturnPath = null, Content = Empty, Options = Empty, SubstitutionData = Empty, Metadata = Empty,
        };
        var outcomes = recipients.ConvertAll(recipient =>
            new AttemptOutcome { Recipient = recipient, State = RecipientState.Delivered, Attempts = 1, Losses = 0, Uncertain = false });
        session.Begin();
        new AcceptJob(job, recipients, [events], "warm-up", Empty, Empty).Apply(session);
        new ClaimChunk(1, 0, (uint)recipients.Count).Apply(session);
        new RecordOutcomes(outcomes, [events], nowMs: 1).Apply(session);
        session.Commit();
    }

    private static byte[] Sample()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartObject("content");
            json.WriteString("from", "warm@up.example");
            json.WriteString("subject", "שלום {{upper name}}");
            json.WriteString(
                "html",
                """
                <html><body><p dir="rtl">שלום {{name}}{{#if (eq tier "gold")}} <b>!</b>{{else}}.{{/if}}</p><table>
                {{#each items}}<tr><td><a href="https://up.example/{{id}}?a=1&amp;b={{url title}}">{{title}}</a> {{number price 2}}</td></tr>{{/each}}
                </table><a href="{{unsubscribe_url}}">x</a> {{default city "–"}}</body></html>
                """);
            json.WriteEndObject();
            json.WriteStartArray("recipients");
            for (var i = 0; i < Recipients; i++)
            {
                json.WriteStartObject();
                json.WriteStartObject("address");
                json.WriteString("email", $"warm{i}@up.example");
                json.WriteString("name", "נועה Up");
                json.WriteEndObject();
                json.WriteStartObject("substitution_data");
                json.WriteString("name", "נועה & Co");
                json.WriteString("tier", i % 2 == 0 ? "gold" : "blue");
                json.WriteStartArray("items");
                for (var item = 0; item < 3; item++)
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", item);
                    json.WriteString("title", "A <title>");
                    json.WriteNumber("price", 12.5m);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
