using System.Runtime.InteropServices;
using Delivery.Mta.Jobs;
using Delivery.Mta.Outcomes;

namespace Delivery.Mta.Queue;

/// <summary>Counts scanned recipients by state, domain and reason. What comes beyond <see cref="MaxNames"/> different ones is counted as others. Not thread-safe.</summary>
internal sealed class QueueTally(ReplyClass classes)
{
    private const int MaxNames = 10_000;
    private const string Others = "(others)";

    private readonly Dictionary<string, long[]> _domains = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (long Count, string Class)> _reasons = new(StringComparer.Ordinal);
    private readonly long[] _states = new long[QueueStates.Names.Length];

    public QueueCounts Counts =>
        new(_states[(int)QueueState.Waiting], _states[(int)QueueState.Held], _states[(int)QueueState.InFlight], _states[(int)QueueState.Deferred]);

    /// <summary>Unix milliseconds; null where none of them has an attempt that is due some time.</summary>
    public long? EarliestDueMs { get; private set; }

    public void Add(in QueueRow row)
    {
        _states[(int)row.State]++;
        if (row.DueMs is { } due && !(EarliestDueMs <= due))
            EarliestDueMs = due;
        var domain = RecipientAddress.Domain(row.Email);
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_domains, _domains.Count < MaxNames || _domains.ContainsKey(domain) ? domain : Others, out _);
        (counts ??= new long[_states.Length])[(int)row.State]++;
        if (row.Detail is null)
            return;
        Span<char> text = stackalloc char[ReplyPlaceholders.MaxLength];
        var shape = text[..ReplyPlaceholders.Write(row.Detail, text)].ToString();
        ref var reason = ref CollectionsMarshal.GetValueRefOrAddDefault(_reasons, _reasons.Count < MaxNames || _reasons.ContainsKey(shape) ? shape : Others, out var known);
        reason = (reason.Count + 1, known ? reason.Class : BounceClassNames.Of(classes.Of(row.Detail)));
    }

    public List<DomainCount> Domains(int top) =>
        _domains.Select(pair => new DomainCount(
                pair.Key, pair.Value.Sum(), pair.Value[(int)QueueState.Waiting], pair.Value[(int)QueueState.Held], pair.Value[(int)QueueState.InFlight],
                pair.Value[(int)QueueState.Deferred]))
            .OrderByDescending(one => one.Total).ThenBy(one => one.Domain, StringComparer.Ordinal).Take(top).ToList();

    public List<ReasonCount> Reasons(int top) =>
        _reasons.Select(pair => new ReasonCount(pair.Key, pair.Value.Class, pair.Value.Count))
            .OrderByDescending(one => one.Recipients).ThenBy(one => one.Reason, StringComparer.Ordinal).Take(top).ToList();
}
