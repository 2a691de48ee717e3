using System.Text;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Messages;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs;

/// <summary>Gives the composers a job in its compiled form; keeps those used last. Thread-safe.</summary>
internal sealed class JobLoader(SpoolReader reader, CompiledContentCache contents, ApiKeyTable access, IOptions<MtaOptions> options, ILogger<JobLoader> log)
{
    private const int Kept = 256;

    /// <summary>What the kept jobs weigh at most; the last one is kept whatever it weighs.</summary>
    private const long KeptBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, LinkedListNode<LoadedJob>> _jobs = [];
    private readonly LinkedList<LoadedJob> _order = new();
    private long _bytes;
    private readonly ComposeOptions _compose = new() { TrackerBaseUrl = new Uri(options.Value.TrackerUrl) };

    /// <summary>How this node makes the messages of an account's job with these options.</summary>
    public ComposeOptions ComposeOptions(uint account, JobOptions job) => _compose with
    {
        OpenTracking = job.OpenTracking,
        ClickTracking = job.ClickTracking,
        ScannerLink = job.ScannerLink,
        Utm = job.Utm,
        TrackerBaseUrl = access.Find(account)?.TrackingUrl is { } own && TrackingUrl.TryParse(own, out var url) ? url : _compose.TrackerBaseUrl,
    };

    /// <summary>Null where the spool has no such job, or one that this version cannot read.</summary>
    public LoadedJob? Load(ulong id)
    {
        lock (_lock)
        {
            if (_jobs.TryGetValue(id, out var known))
            {
                _order.Remove(known);
                _order.AddFirst(known);
                return known.Value;
            }
        }

        if (reader.Job(id) is not { } spooled || Compile(spooled) is not { } job)
            return null;
        if (spooled.IsOpen)
            return job;
        lock (_lock)
        {
            if (_jobs.ContainsKey(id))
                return job;
            _jobs[id] = _order.AddFirst(job);
            _bytes += job.Content.Weight;
            while (_jobs.Count > 1 && (_jobs.Count > Kept || _bytes > KeptBytes))
            {
                _bytes -= _order.Last!.Value.Content.Weight;
                _jobs.Remove(_order.Last.Value.Id);
                _order.RemoveLast();
            }
        }

        return job;
    }

    private LoadedJob? Compile(SpooledJob spooled)
    {
        var errors = new List<FieldError>();
        var content = ContentParser.Parse(Parse(spooled.Content), spooled.ReturnPath, errors);
        var jobOptions = OptionsParser.Parse(Parse(spooled.Options), errors);
        if (content is null || errors.Count > 0)
        {
            Log.JobUnreadable(log, spooled.Id, errors.Count > 0 ? errors[0].Field : "content");
            return null;
        }

        if (!contents.TryGet(content, ComposeOptions(spooled.Account, jobOptions), out var compiled, out var faults))
        {
            Log.JobUnreadable(log, spooled.Id, faults[0].Field);
            return null;
        }

        MailAddress.TryNormalize(content.ReturnPath ?? content.From.Email, out var sender);
        return new LoadedJob
        {
            Id = spooled.Id,
            Account = spooled.Account,
            StartedMs = Math.Max(spooled.StartedMs ?? spooled.CreatedMs, spooled.NotBeforeMs ?? 0),
            Content = compiled,
            EnvelopeFrom = Encoding.UTF8.GetBytes(sender),
            Transactional = spooled.Transactional,
            ExpiresMs = spooled.ExpiresMs ?? long.MaxValue,
            List = jobOptions.List,
            Sandbox = jobOptions.Sandbox,
            FeedbackId = FeedbackId.Header(spooled.CampaignId, spooled.Id, spooled.Account, options.Value.FeedbackSender),
            SubstitutionData = Parse(spooled.SubstitutionData),
            Metadata = Parse(spooled.Metadata),
        };
    }

    private static JsonElement Parse(byte[] json) => JsonElement.Parse(json);
}
