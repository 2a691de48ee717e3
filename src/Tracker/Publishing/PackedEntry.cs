using Delivery.Contracts.Events;
using Delivery.Tracker.Journaling;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// The events of concurrent requests in one entry. Filled under its queue's lock until it is taken; from then on its bytes never change.
/// All requests in it share one answer.
/// </summary>
internal sealed class PackedEntry(EntryWriter writer)
{
    private static readonly List<Suppression> None = [];
    private readonly TaskCompletionSource<RecordOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Suppression>? _suppressions;
    private ITimer? _deadline;
    private bool _late;

    public EntryWriter Writer => writer;

    /// <summary>What is done together with the events, in this order.</summary>
    public List<Suppression> Suppressions => _suppressions ?? None;

    /// <summary>Completes when the entry is in Redis or on disk or the time is over, whichever is first.</summary>
    public Task<RecordOutcome> Answer => _answer.Task;

    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>Under whose name the records are numbered; set by the journal.</summary>
    public ulong Producer { get; set; }

    /// <summary>The number of the first record.</summary>
    public ulong First { get; set; }

    public ulong Last => First + (ulong)writer.Count - 1;

    /// <summary>Where it ends in the journal.</summary>
    public JournalPosition End { get; set; }

    public int Bytes => writer.Written.Length;

    public void Add(in Suppression suppression) => (_suppressions ??= []).Add(suppression);

    /// <summary>
    /// Calls <paramref name="onLate"/> where nothing answered within <paramref name="deadline"/>, and once <paramref name="limit"/> is over
    /// answers <see cref="RecordOutcome.NotConfirmed"/> and calls <paramref name="onOver"/>.
    /// </summary>
    public void StartDeadline(TimeProvider time, TimeSpan deadline, TimeSpan limit, Action onLate, Action onOver) =>
        _deadline = time.CreateTimer(
            _ =>
            {
                if (IsAnswered)
                    return;
                if (!_late && limit > deadline)
                {
                    _late = true;
                    onLate();
                    _deadline?.Change(limit - deadline, Timeout.InfiniteTimeSpan);
                }
                else if (_answer.TrySetResult(RecordOutcome.NotConfirmed))
                {
                    onOver();
                }
            },
            null,
            deadline,
            Timeout.InfiniteTimeSpan);

    public void Complete(RecordOutcome outcome)
    {
        _answer.TrySetResult(outcome);
        _deadline?.Dispose();
    }
}
