using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Gives a connection its messages until it has had its share, is idle for too long or is to stop. What may not be
/// sent at all is completed here and never seen by the conversation. Not thread-safe.
/// </summary>
internal sealed class SmtpMessageSource(
    ChannelReader<OutgoingMessage> messages, SmtpCapabilities peer, SmtpDeadline deadline, SmtpOptions options)
{
    private int _left = options.MaxMessagesPerConnection;

    /// <summary>A message that is there now.</summary>
    public bool TryTake([NotNullWhen(true)] out OutgoingMessage? message)
    {
        message = null;
        while (_left > 0 && !deadline.IsStopping && messages.TryRead(out var read))
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
        while (_left > 0 && !deadline.IsStopping)
        {
            deadline.EnterIdle(options.IdleTimeout);
            OutgoingMessage read;
            try
            {
                read = await messages.ReadAsync(deadline.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                return null;
            }
            if (Refuse(read)) continue;
            _left--;
            return read;
        }
        return null;
    }

    private bool Refuse(OutgoingMessage message)
    {
        if (message.IsWithdrawn()) return true;
        if (!MessageCheck.TryRefuse(message, peer, out var attempt)) return false;
        message.Complete(attempt);
        return true;
    }
}
