using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// What became of recipients since the start; meter <c>Delivery.Mta</c>. No label names an account, a job, a domain or a person.
/// Thread-safe: outcomes are counted a batch at a time, under a lock that only the page asks for besides.
/// </summary>
internal sealed class MtaMetrics
{
    public const string MeterName = "Delivery.Mta";

    private static readonly string[] States = [.. Enum.GetValues<RecipientState>().Select(state => Name(state.ToString()))];

    private readonly Lock _gate = new();
    private readonly long[] _outcomes = new long[States.Length];
    private readonly long[] _bounced = new long[256];
    private readonly long[] _deferred = new long[256];
    private readonly Dictionary<string, long> _dropped = [];
    private long _attempts;
    private long _givenBack;
    private long _uncertain;

    public MtaMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Count(meter, "attempts", "Attempts that ended with a peer's answer, or used one up.", () => Interlocked.Read(ref _attempts));
        Count(meter, "given_back", "Recipients that came back untouched: the connection was lost under them, or the program stopped.", () => Interlocked.Read(ref _givenBack));
        Count(meter, "uncertain", "Outcomes and deferrals of which an extra copy may have arrived.", () => Interlocked.Read(ref _uncertain));
        meter.CreateObservableCounter("delivery.mta.outcomes", Outcomes, "{recipient}", "Recipients by what became of them in the end.");
        meter.CreateObservableCounter("delivery.mta.deferrals", () => ByClass(_deferred), "{attempt}", "Attempts that are to be repeated, by bounce class.");
        meter.CreateObservableCounter("delivery.mta.bounces", () => ByClass(_bounced), "{recipient}", "Bounced recipients by bounce class.");
        meter.CreateObservableCounter("delivery.mta.drops", Dropped, "{recipient}", "Recipients never handed to a peer, by reason.");
    }

    /// <summary>Counts what is on disk now.</summary>
    public void Ended(IReadOnlyList<AttemptOutcome> outcomes)
    {
        lock (_gate)
        {
            for (var i = 0; i < outcomes.Count; i++)
                Count(outcomes[i]);
        }
    }

    private void Count(AttemptOutcome outcome)
    {
        if (outcome.Event is not { } told)
        {
            _givenBack++;
            return;
        }

        if (outcome.State != RecipientState.Deferred)
            _outcomes[(int)outcome.State]++;
        if (outcome.Uncertain)
            _uncertain++;
        switch (outcome.State)
        {
            case RecipientState.Dropped:
                CollectionsMarshal.GetValueRefOrAddDefault(_dropped, told.Reason ?? "unknown", out _)++;
                return;
            case RecipientState.Bounced:
                _bounced[(int)told.BounceClass]++;
                break;
            case RecipientState.Deferred:
                _deferred[(int)told.BounceClass]++;
                break;
            default:
                break;
        }

        if (told.SmtpCode != 0 || outcome.Attempts > outcome.Recipient.Attempts)
            _attempts++;
    }

    private List<Measurement<long>> Outcomes()
    {
        lock (_gate)
        {
            var counts = new List<Measurement<long>>();
            for (var state = RecipientState.Delivered; state <= RecipientState.Dropped; state++)
                counts.Add(new Measurement<long>(_outcomes[(int)state], new KeyValuePair<string, object?>("outcome", States[(int)state])));
            return counts;
        }
    }

    private List<Measurement<long>> Dropped()
    {
        lock (_gate)
            return _dropped.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("reason", pair.Key))).ToList();
    }

    private List<Measurement<long>> ByClass(long[] counts)
    {
        var measured = new List<Measurement<long>>();
        lock (_gate)
        {
            foreach (var value in Enum.GetValues<BounceClass>())
            {
                if (counts[(int)value] > 0)
                    measured.Add(new Measurement<long>(counts[(int)value], new KeyValuePair<string, object?>("class", Name(value.ToString()))));
            }
        }

        return measured;
    }

    private static string Name(string value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value);

    private static void Count(Meter meter, string name, string description, Func<long> value) =>
        meter.CreateObservableCounter("delivery.mta." + name, value, null, description);
}
