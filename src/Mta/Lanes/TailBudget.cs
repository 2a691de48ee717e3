using System.Runtime.InteropServices;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Bounds the memory of shared tails, attachments for the most part, of messages between composing and their outcome. A tail counts
/// once, however many messages end with it. One that is larger than the bound goes alone. What is urgent has a quarter more. Thread-safe.
/// </summary>
internal sealed class TailBudget(long maxBytes = TailBudget.DefaultMaxBytes)
{
    public const long DefaultMaxBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], int> _users = [];
    private long _bytes;
    private TaskCompletionSource? _freed;

    /// <summary>Bytes of all tails that are taken.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>Waits while the tail is new and there is no room for it. Each call that returned is given back once.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> tail, CancellationToken cancellation, bool urgent = false)
    {
        var bytes = Owner(tail);
        var most = urgent ? maxBytes + maxBytes / 4 : maxBytes;
        while (true)
        {
            Task freed;
            lock (_lock)
            {
                if (_users.TryGetValue(bytes, out var users) || _bytes == 0 || _bytes + tail.Length <= most)
                {
                    _users[bytes] = users + 1;
                    _bytes += users == 0 ? tail.Length : 0;
                    return;
                }

                _freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                freed = _freed.Task;
            }

            await freed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Return(ReadOnlyMemory<byte> tail)
    {
        var bytes = Owner(tail);
        TaskCompletionSource? freed = null;
        lock (_lock)
        {
            if (--_users[bytes] == 0)
            {
                _users.Remove(bytes);
                _bytes -= tail.Length;
                freed = _freed;
                _freed = null;
            }
        }

        freed?.SetResult();
    }

    private static byte[] Owner(ReadOnlyMemory<byte> tail) =>
        MemoryMarshal.TryGetArray(tail, out var segment) ? segment.Array! : throw new ArgumentException("The tail is no array.", nameof(tail));
}
