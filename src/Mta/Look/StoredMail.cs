using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Look;

/// <summary>Jobs of the spool as something to look at. Thread-safe.</summary>
internal sealed class StoredMail(SpoolReader reader, JobLoader loader, TimeProvider time)
{
    private const int Chunk = 250;
    private static readonly JsonDocumentOptions DataOptions = new() { MaxDepth = 64 };

    /// <summary>Null where the account has no such job.</summary>
    public (SpooledJob Job, long Recipients)? Find(uint account, string id)
    {
        if (!JobIds.TryParse(id, out var number) || reader.Progress(account, number) is not { } progress || reader.Job(number) is not { } job)
            return null;
        return (job, progress.Counts.Accepted);
    }

    /// <summary>Null where this version cannot read the job's content.</summary>
    public LookContent? Compile(SpooledJob job)
    {
        var errors = new List<FieldError>();
        var source = ContentParser.Parse(JsonElement.Parse(job.Content), job.ReturnPath, errors);
        var options = OptionsParser.Parse(JsonElement.Parse(job.Options), errors);
        return source is not null && errors.Count == 0 && CompiledContent.TryCompile(source, loader.ComposeOptions(job.Account, options), out var compiled, out _)
            ? new LookContent(source, compiled)
            : null;
    }

    /// <summary>The first recipients of a job. An input holds until the next one is asked for.</summary>
    public IEnumerable<MessageInput> Inputs(SpooledJob job, int count)
    {
        var shared = JsonElement.Parse(job.SubstitutionData);
        var sharedMetadata = JsonElement.Parse(job.Metadata);
        for (uint first = 0; first < count; first += Chunk)
        {
            foreach (var recipient in reader.Recipients(job.Id, first, (uint)Math.Min(count, first + Chunk)))
            {
                using var data = recipient.SubstitutionData is { } json ? JsonDocument.Parse(json, DataOptions) : null;
                using var metadata = recipient.Metadata is { } bytes ? JsonDocument.Parse(bytes, DataOptions) : null;
                yield return new MessageInput
                {
                    Account = job.Account,
                    Job = job.Id,
                    Recipient = recipient.Ordinal,
                    Date = time.GetUtcNow(),
                    Email = recipient.Email,
                    Name = recipient.Name,
                    UpstreamId = recipient.UpstreamId,
                    Key = recipient.Key,
                    SubstitutionData = data?.RootElement ?? default,
                    JobSubstitutionData = shared,
                    Metadata = metadata?.RootElement ?? default,
                    JobMetadata = sharedMetadata,
                };
            }
        }
    }

    /// <summary>The answer about a job whose content this version cannot read.</summary>
    public static IResult Unreadable() =>
        Problems.Of(StatusCodes.Status409Conflict, "The job cannot be read", "Another version of this program stored it.", [new FieldError("id", "names a job that this version cannot read")]);

    /// <summary>The recipients of these ordinals; null in the place of one that there is none of.</summary>
    public List<SpooledRecipient?> Recipients(SpooledJob job, IEnumerable<uint> ordinals) => [.. ordinals.Select(ordinal => reader.Recipient(job.Id, ordinal))];
}
