using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;
using Delivery.Contracts;
using Delivery.Contracts.Access;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs.Control;
using Delivery.Mta.Jobs.FollowUps;
using Delivery.Mta.Lanes;
using Delivery.Mta.Look;
using Delivery.Mta.Messages;
using Delivery.Mta.Specimens;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs;

/// <summary>
/// Takes a job, or opens one: checks it as a whole and each recipient by itself, and has job, recipients and their events on disk before it answers. Thread-safe.
/// </summary>
internal sealed class JobIntake(
    SpoolReader reader, SpoolWriter writer, JobTable jobs, JobLoader loader, CompiledContentCache contents, SpecimenCache specimens, JobCheck check, JobIds ids, KeyRing keys, SuppressionMirror suppressions,
    ApiKeyTable access, FollowUpIntake followUps, IOptions<MtaOptions> options, IOptions<RedisOptions> redis, BusyTimes busy, TimeProvider time)
{
    private static readonly byte[] NoData = "{}"u8.ToArray();

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The answer that an earlier request with this key got, or null.</summary>
    public IdempotentAnswer? Earlier(uint account, string key) =>
        reader.Answer(account, key, time.GetUtcNow().AddHours(-24).ToUnixTimeMilliseconds());

    /// <exception cref="JsonException">The body is not JSON.</exception>
    /// <exception cref="SpoolFullException">The disk is full; nothing was stored.</exception>
    public async Task<IntakeResult> TakeAsync(uint account, ReadOnlyMemory<byte> body, string? idempotencyKey, IntakeTerms terms = default)
    {
        var started = Stopwatch.GetTimestamp();
        using var document = Parse(body);
        var errors = new List<FieldError>();
        var rejected = new List<RejectedRecipient>();
        var indexes = new List<int>();
        var job = SendJobParser.Parse(document.RootElement, options.Value.MaxRecipientsPerCall, errors, rejected, indexes);
        if (job is not null)
            JobTimes.Check(job.Options, time.GetUtcNow(), errors);
        if (job is null || errors.Count > 0)
            return IntakeResult.Refused(errors);
        var owner = access.Find(account);
        if (SenderDomains.Faults(owner, job.Content) is { } strangers)
            return IntakeResult.Refused(strangers);
        var compose = loader.ComposeOptions(account, job.Options);
        if (!contents.TryGet(job.Content, compose, out var compiled, out var faults))
        {
            foreach (var fault in faults)
                errors.Add(FieldError.Of(fault));
            return IntakeResult.Refused(errors);
        }

        if (job.Audience is not null)
        {
            var filled = Stored(ids.Next(), account, job, document.RootElement, isOpen: true);
            var followUp = new FollowUp(job.Audience, job, compiled, filled, Events(filled, job, compose, compiled, []), owner, idempotencyKey, terms.HashOf(body));
            busy.Add(BusyTimes.Part.Accept, started);
            return await followUps.TakeAsync(followUp, terms.Caller!).ConfigureAwait(false);
        }

        var warnings = job.Options.Check == CheckMode.Off ? null : await check.LookAsync(account, job, indexes, compiled).ConfigureAwait(false);
        if (job.Options.Check == CheckMode.Strict && JobCheck.Refusal(warnings!) is { Count: > 0 } refusal)
            return IntakeResult.Refused(refusal);

        var id = ids.Next();
        var recipients = Spooled(account, id, job, indexes, rejected, terms.AddressesMayRepeat);
        rejected.Sort((one, other) => one.Index.CompareTo(other.Index));
        if (recipients.Count == 0 && !job.IsOpen)
            return IntakeResult.NobodyLeft(rejected);

        var answer = new JobAccepted(JobIds.Format(id), recipients.Count, rejected, job.IsOpen ? "open" : null, warnings, Suppressed(account, job.Options.List, recipients));
        var response = JsonSerializer.SerializeToUtf8Bytes(answer, MtaJson.Default.JobAccepted);
        var spooled = Stored(id, account, job, document.RootElement, job.IsOpen);
        var accept = new AcceptJob(
            spooled, recipients, Events(spooled, job, compose, compiled, recipients), idempotencyKey, terms.HashOf(body), response,
            rejected.ConvertAll(one => new Rejection(one.Index, one.Email, one.Reason)), AccountCaps.Of(owner, account, spooled.CreatedMs));
        busy.Add(BusyTimes.Part.Accept, started);
        await writer.CommitAsync(accept).ConfigureAwait(false);
        if (accept.Earlier is { } earlier)
            return IntakeResult.Replayed(earlier);
        if (accept.Cap is { } cap)
            return IntakeResult.Capped(cap);
        if (!job.IsOpen)
        {
            jobs.TryAdd(new UnfinishedJob(
                id, account, 0, (uint)recipients.Count, recipients.Count, spooled.Transactional, JobHold.None, spooled.NotBeforeMs ?? 0, spooled.ExpiresMs ?? long.MaxValue,
                spooled.MaxRate, long.MaxValue));
        }

        return IntakeResult.Taken(id, response);
    }

    /// <summary>Stricter than the parser: bytes that are not UTF-8 and names that are half a character would come to light only behind the acknowledgement.</summary>
    internal static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        var text = body.Span;
        if (text.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (!Utf8.IsValid(text))
            throw new JsonException("The text is not UTF-8.");
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("A name has an incomplete surrogate pair.");
        }
    }

    private List<SpooledRecipient> Spooled(uint account, ulong job, SendJob request, List<int> indexes, List<RejectedRecipient> rejected, bool addressesMayRepeat)
    {
        var recipients = new List<SpooledRecipient>(request.Recipients.Count);
        var seen = new Dictionary<RecipientKey, int>(request.Recipients.Count);
        for (var i = 0; i < request.Recipients.Count; i++)
        {
            var recipient = request.Recipients[i];
            var key = RecipientKey.Of(keys.RecipientSecret.Span, account, recipient.Address.Email);
            if (!seen.TryAdd(key, indexes[i]) && !addressesMayRepeat)
            {
                rejected.Add(new RejectedRecipient(indexes[i], recipient.Address.Email, $"address.email is the same as that of recipients[{seen[key]}], who gets the mail once"));
                continue;
            }

            recipients.Add(new SpooledRecipient
            {
                Account = account,
                Job = job,
                Ordinal = (uint)recipients.Count,
                Email = recipient.Address.Email,
                Name = recipient.Address.Name,
                UpstreamId = recipient.Id,
                Variant = recipient.Variant,
                Key = key,
                SubstitutionData = Raw(recipient.SubstitutionData),
                Metadata = Raw(recipient.Metadata),
            });
        }

        return recipients;
    }

    private SpooledJob Stored(ulong id, uint account, SendJob job, JsonElement root, bool isOpen) =>
        new()
        {
            Id = id,
            Account = account,
            CreatedMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            IsOpen = isOpen,
            Transactional = job.Options.Transactional,
            NotBeforeMs = job.Options.StartTime?.ToUnixTimeMilliseconds(),
            ExpiresMs = job.Options.Expires?.ToUnixTimeMilliseconds(),
            MaxRate = job.Options.MaxRate,
            CampaignId = job.CampaignId,
            ReturnPath = job.Content.ReturnPath,
            Content = Raw(root, "content"),
            Options = Raw(root, "options"),
            SubstitutionData = Raw(root, "substitution_data"),
            Metadata = Raw(root, "metadata"),
        };

    private int? Suppressed(uint account, uint list, List<SpooledRecipient> recipients)
    {
        var suppressed = 0;
        foreach (var recipient in recipients)
        {
            if (suppressions.Contains(account, recipient.Key, list))
                suppressed++;
        }

        return suppressed == 0 ? null : suppressed;
    }

    /// <summary>
    /// The job, its links, its mail where it is one for many, and an accepted event for each recipient, packed. A job for one person, or for somebody
    /// who waits, has no mail to look at: its data may be that person's, and it is to cost nothing.
    /// </summary>
    private List<OutboxEntry> Events(SpooledJob spooled, SendJob job, ComposeOptions compose, CompiledContent compiled, List<SpooledRecipient> recipients)
    {
        var packer = new EventPacker(spooled.Id, redis.Value.Shards);
        packer.AddJob(spooled, job.Content, compiled);
        if (!job.Options.Transactional && (spooled.IsOpen || recipients.Count > 1))
            packer.AddMail(spooled, specimens.Of(compiled, job.Content, compose, job.SubstitutionData, job.Metadata));
        foreach (var recipient in recipients)
            packer.AddAccepted(recipient, spooled.CreatedMs);
        return packer.Take();
    }

    private static byte[] Raw(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? Raw(value) ?? NoData : NoData;

    private static byte[]? Raw(JsonElement element) => RecipientParser.Raw(element);
}
