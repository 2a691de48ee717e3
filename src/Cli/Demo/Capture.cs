using System.Threading.Channels;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Demo;

/// <summary>Takes the sink's messages as they come and keeps them for the readers. Holds one campaign at most. Thread-safe.</summary>
internal sealed class Capture(int recipients, TimeProvider time)
{
    /// <summary>Copies beyond one a recipient that are kept before the sink pushes back.</summary>
    private const int Spare = 64;
    private readonly Channel<CapturedMessage> _messages = Channel.CreateBounded<CapturedMessage>(recipients + Spare);
    private volatile bool _taken;
    private long _count;
    private long _first;
    private long _last;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Timestamp of the first message; 0 before it.</summary>
    public long First => Interlocked.Read(ref _first);

    /// <summary>Timestamp of the latest message.</summary>
    public long Last => Interlocked.Read(ref _last);

    public async ValueTask AddAsync(CapturedMessage message)
    {
        var now = time.GetTimestamp();
        Interlocked.CompareExchange(ref _first, now, 0);
        if (!_taken)
            await _messages.Writer.WriteAsync(message);
        Interlocked.Exchange(ref _last, now);
        Interlocked.Increment(ref _count);
    }

    /// <summary>All messages that are there now. What comes later is counted and not kept, so that a demo that stays up takes mail without end.</summary>
    public IReadOnlyList<CapturedMessage> TakeAll()
    {
        _taken = true;
        var messages = new List<CapturedMessage>();
        while (_messages.Reader.TryRead(out var message))
            messages.Add(message);
        return messages;
    }
}
