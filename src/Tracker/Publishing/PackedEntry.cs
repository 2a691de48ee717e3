using Delivery.Contracts.Events;

namespace Delivery.Tracker.Publishing;

/// <summary>
/// The events of concurrent requests in one stream entry. Filled under its queue's lock until it is taken for publishing; from then on
/// its bytes and numbers never change. All requests in it share one answer.
/// </summary>
internal sealed class PackedEntry(EntryWriter writer) : IDisposable
{
    private readonly TaskCompletionSource<RecordOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _deadline;

    public EntryWriter Writer => writer;

    /// <summary>Completes when the entry is in Redis or its deadline is over, whichever is first.</summary>
    public Task<RecordOutcome> Answer => _answer.Task;

    /// <summary>The number of the first record; 0 until the entry is taken.</summary>
    public ulong First { get; set; }

    public ulong Last => First + (ulong)writer.Count - 1;

    /// <summary>Timestamp of the acknowledgement.</summary>
    public long AcknowledgedAt { get; set; }

    public int Bytes => writer.Written.Length;

    /// <summary>Answers <see cref="RecordOutcome.NotConfirmed"/> once the deadline is over, and calls <paramref name="onLate"/> if nothing answered before.</summary>
    public void StartDeadline(TimeProvider time, TimeSpan deadline, Action onLate) =>
        _deadline = time.CreateTimer(
            _ =>
            {
                if (_answer.TrySetResult(RecordOutcome.NotConfirmed))
                    onLate();
            },
            null,
            deadline,
            Timeout.InfiniteTimeSpan);

    public void Complete(RecordOutcome outcome)
    {
        _answer.TrySetResult(outcome);
        _deadline?.Dispose();
    }

    public void Dispose() => _deadline?.Dispose();
}
