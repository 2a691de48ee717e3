using Delivery.Contracts.Events;
using Delivery.Tracker.Admission;
using Delivery.Tracker.Journaling;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// The events of concurrent requests in one entry. Filled under its queue's lock until it is taken; from then on its bytes never change.
/// All requests in it get one answer.
/// </summary>
internal sealed class PackedEntry(EntryWriter writer, InFlight? inFlight = null) : IThreadPoolWorkItem
{
    /// <summary>Requests that one thread goes on with: a wake-up for each would cost more than they do, one thread for all would keep the last waiting.</summary>
    private const int AnsweredTogether = 16;
    private static readonly List<Suppression> None = [];
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource<RecordOutcome>> _waiting = [];
    private RecordOutcome _outcome;
    private bool _isAnswered;
    private int _answered;
    private List<Suppression>? _suppressions;
    private ITimer? _deadline;
    private bool _late;

    public EntryWriter Writer => writer;

    /// <summary>What is done together with the events, in this order.</summary>
    public List<Suppression> Suppressions => _suppressions ?? None;

    public bool IsAnswered => Volatile.Read(ref _isAnswered);

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
                else if (TryAnswer(RecordOutcome.NotConfirmed))
                {
                    onOver();
                }
            },
            null,
            deadline,
            Timeout.InfiniteTimeSpan);

    /// <summary>For one more request. Completes when the entry is in Redis or on disk or the time is over, whichever is first.</summary>
    public Task<RecordOutcome> Answer()
    {
        lock (_gate)
        {
            if (_isAnswered)
            {
                inFlight?.Leave(1);
                return Task.FromResult(_outcome);
            }

            var waiting = new TaskCompletionSource<RecordOutcome>();
            _waiting.Add(waiting);
            return waiting.Task;
        }
    }

    /// <summary>Answers all requests of the entry, unless they have their answer. Returns before they go on.</summary>
    public void Complete(RecordOutcome outcome)
    {
        TryAnswer(outcome);
        _deadline?.Dispose();
    }

    /// <summary>Goes on with the next of the requests that wait.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var end = Interlocked.Add(ref _answered, AnsweredTogether);
        for (var i = end - AnsweredTogether; i < end && i < _waiting.Count; i++)
            _waiting[i].SetResult(_outcome);
    }

    private bool TryAnswer(RecordOutcome outcome)
    {
        lock (_gate)
        {
            if (_isAnswered)
                return false;
            _outcome = outcome;
            _isAnswered = true;
        }

        inFlight?.Leave(_waiting.Count);
        for (var i = 0; i < _waiting.Count; i += AnsweredTogether)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }
}
