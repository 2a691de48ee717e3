using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Delivery.Mta.Lanes;

/// <summary>
/// A queue with two classes: what is urgent goes first, but of <see cref="Share"/> one is not urgent where such wait. Room for those that are not urgent is bounded;
/// the urgent ones are bounded by their places in flight. Can give back what should not leave any more. Thread-safe; any number of writers and readers.
/// <para>
/// Of those in <see cref="ReadAsync"/> one is woken for <paramref name="gather"/> items, the last that came, so that few of them are kept busy while the
/// others rest; for an urgent item at once. What waits otherwise is for <see cref="Release"/>, which a writer calls before it rests itself.
/// </para>
/// </summary>
/// <param name="capacity">All that can be in it at one time.</param>
/// <param name="room">Of these, how many that are not urgent.</param>
/// <param name="gather">Items that are not urgent for which one more reader is woken.</param>
internal sealed class Lane<T>(int capacity, int room, int gather = 1) : ChannelReader<T>, IDisposable
    where T : class
{
    public const int Share = 8;

    private readonly Lock _lock = new();
    private readonly Queue<T> _urgent = new();
    private readonly Queue<T> _others = new();
    private readonly SemaphoreSlim _room = new(room);

    /// <summary>One for each item; taken and given under the lock, so that both always agree.</summary>
    private readonly Channel<bool> _items = Channel.CreateBounded<bool>(capacity);

    /// <summary>Those in <see cref="ReadAsync"/>; the last is woken first.</summary>
    private readonly List<TaskCompletionSource> _waiting = [];
    private int _gathered;
    private bool _isComplete;
    private int _urgentInARow;

    public override int Count => _items.Reader.Count;

    public override bool CanCount => true;

    public override Task Completion => _items.Reader.Completion;

    /// <summary>No more come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            _items.Writer.TryComplete();
            WakeUpTo(_waiting.Count);
        }
    }

    /// <summary>Puts it in where there is room at once.</summary>
    public bool TryWrite(T item, bool urgent)
    {
        if (!urgent && !_room.Wait(0))
            return false;
        lock (_lock)
        {
            if (!_items.Writer.TryWrite(true))
                throw new InvalidOperationException("More in a lane than can be in flight.");
            (urgent ? _urgent : _others).Enqueue(item);
            if (urgent)
                WakeUpTo(1);
            else if (++_gathered >= gather && Count >= gather)
            {
                _gathered = 0;
                WakeUpTo(1);
            }
        }

        return true;
    }

    /// <summary>Wakes a reader for each item: no more come for now.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _gathered = 0;
            WakeUpTo(Count);
        }
    }

    /// <summary>Waits up to <paramref name="atMost"/> for room, after a <see cref="Release"/>. False where there was none: it is not in.</summary>
    public async ValueTask<bool> WriteAsync(T item, bool urgent, TimeSpan atMost, CancellationToken cancellation)
    {
        if (TryWrite(item, urgent))
            return true;
        Release();
        if (!await _room.WaitAsync(atMost, cancellation).ConfigureAwait(false))
            return false;
        _room.Release();
        return TryWrite(item, urgent);
    }

    public override bool TryRead([MaybeNullWhen(false)] out T item) => TryTake(null, out item);

    /// <exception cref="ChannelClosedException">It is empty, and no more come.</exception>
    public override async ValueTask<T> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (TryTake(waiter, out var item))
                return item;
            try
            {
                using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter))
                    await waiter.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                lock (_lock)
                    _waiting.Remove(waiter);
                throw;
            }
        }
    }

    /// <summary>Woken with every item, unlike those in <see cref="ReadAsync"/>.</summary>
    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _items.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes out all that fit; they are the caller's.</summary>
    public List<T> Remove(Predicate<T> fits)
    {
        var removed = new List<T>();
        var others = 0;
        lock (_lock)
        {
            Remove(_urgent, fits, removed);
            others = removed.Count;
            Remove(_others, fits, removed);
            others = removed.Count - others;
            for (var i = 0; i < removed.Count; i++)
                _items.Reader.TryRead(out _);
        }

        if (others > 0)
            _room.Release(others);
        return removed;
    }

    public void Dispose() => _room.Dispose();

    /// <param name="waiter">Waits from now on where nothing is there; null where nobody does.</param>
    private bool TryTake(TaskCompletionSource? waiter, [MaybeNullWhen(false)] out T item)
    {
        bool wasUrgent;
        lock (_lock)
        {
            if (!_items.Reader.TryRead(out _))
            {
                item = null;
                if (waiter is null)
                    return false;
                if (_isComplete)
                    throw new ChannelClosedException();
                _waiting.Add(waiter);
                return false;
            }

            wasUrgent = _urgent.Count > 0 && (_others.Count == 0 || _urgentInARow < Share - 1);
            _urgentInARow = wasUrgent ? _urgentInARow + 1 : 0;
            item = (wasUrgent ? _urgent : _others).Dequeue();
        }

        if (!wasUrgent)
            _room.Release();
        return true;
    }

    /// <summary>Under the lock. One that has given up waiting is passed over.</summary>
    private void WakeUpTo(int readers)
    {
        while (readers > 0 && _waiting.Count > 0)
        {
            var last = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            if (last.TrySetResult())
                readers--;
        }
    }

    private static void Remove(Queue<T> queue, Predicate<T> fits, List<T> removed)
    {
        for (var left = queue.Count; left > 0; left--)
        {
            var item = queue.Dequeue();
            if (fits(item))
                removed.Add(item);
            else
                queue.Enqueue(item);
        }
    }
}
