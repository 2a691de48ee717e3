using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Delivery.Mta.Smtp;

/// <summary>A pool's messages as its connections read them; knows how many connections wait for one. Thread-safe as the reader behind it is.</summary>
internal sealed class PooledMessages(ChannelReader<OutgoingMessage> messages) : ChannelReader<OutgoingMessage>
{
    private int _idle;

    /// <summary>Called when one waits no longer.</summary>
    public Action? IdleEnded { get; set; }

    /// <summary>Connections that wait for a message.</summary>
    public int Idle => Volatile.Read(ref _idle);

    public override bool TryRead([MaybeNullWhen(false)] out OutgoingMessage item) => messages.TryRead(out item);

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => messages.WaitToReadAsync(cancellationToken);

    public override async ValueTask<OutgoingMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (messages.TryRead(out var there))
            return there;
        Interlocked.Increment(ref _idle);
        try
        {
            return await messages.ReadAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _idle);
            IdleEnded?.Invoke();
        }
    }
}
