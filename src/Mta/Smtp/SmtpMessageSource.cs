using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Gives a connection its messages until it has had its share, is idle for too long, too old or is to stop. What may not be
/// sent at all is completed here and never seen by the conversation. Not thread-safe.
/// </summary>
/// <param name="openedAt">The connection's start, a timestamp of <paramref name="time"/>.</param>
internal sealed class SmtpMessageSource(
    ChannelReader<OutgoingMessage> messages, SmtpCapabilities peer, SmtpDeadline deadline, SmtpOptions options, TimeProvider time,
    long openedAt)
{
    private int _left = options.MaxMessagesPerConnection;

    /// <summary>A message that is there now.</summary>
    public bool TryTake([NotNullWhen(true)] out OutgoingMessage? message)
    {
        message = null;
        while (_left > 0 && !deadline.IsEnding && Left > TimeSpan.Zero && messages.TryRead(out var read))
        {
            if (Refuse(read)) continue;
            _left--;
            message = read;
            return true;
        }
        return false;
    }

    /// <summary>The next message to come; null when the connection is to end.</summary>
    public async ValueTask<OutgoingMessage?> TakeAsync()
    {
        while (_left > 0 && !deadline.IsEnding && Left is var left && left > TimeSpan.Zero)
        {
            deadline.EnterIdle(left < options.IdleTimeout ? left : options.IdleTimeout);
            OutgoingMessage read;
            try
            {
                read = await messages.ReadAsync(deadline.IdleToken);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                return null;
            }
            deadline.LeaveIdle();
            if (Refuse(read)) continue;
            _left--;
            return read;
        }
        return null;
    }

    /// <summary>Until the connection is too old.</summary>
    private TimeSpan Left => options.MaxConnectionAge - time.GetElapsedTime(openedAt);

    private bool Refuse(OutgoingMessage message)
    {
        if (!message.MayLeave()) return true;
        if (!MessageCheck.TryRefuse(message, peer, out var attempt)) return false;
        message.Complete(attempt);
        return true;
    }
}
