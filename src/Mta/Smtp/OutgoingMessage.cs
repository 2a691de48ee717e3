namespace Delivery.Mta.Smtp;

/// <summary>
/// One message on its way to one recipient. Its owner fills it, writes it to the pool's channel and leaves it
/// alone until <see cref="Complete"/>; the pool never touches it after that call, so it can be used again.
/// </summary>
internal abstract class OutgoingMessage
{
    /// <summary>The reverse path as an addr-spec without angle brackets, UTF-8; empty for the null path.</summary>
    public ReadOnlyMemory<byte> EnvelopeFrom { get; set; }

    /// <summary>The one recipient as an addr-spec without angle brackets, UTF-8.</summary>
    public ReadOnlyMemory<byte> EnvelopeTo { get; set; }

    /// <summary>The RFC 5322 message with CRLF line ends, not dot-stuffed, up to <see cref="SharedTail"/>; unchanged until completion.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>
    /// What follows the body and is the same bytes for many messages, such as attachments: ASCII with CRLF line ends, never copied
    /// into a message of its own. Empty as a rule.
    /// </summary>
    public ReadOnlyMemory<byte> SharedTail { get; set; }

    /// <summary>Bytes of the whole message.</summary>
    public long Length => (long)Body.Length + SharedTail.Length;

    /// <summary>When its MAIL was written last, a <see cref="System.Diagnostics.Stopwatch"/> timestamp; 0 where that was never, or nobody watches.</summary>
    public long BegunAt { get; set; }

    /// <summary>Whose it is, for who watches.</summary>
    public virtual MessageOrigin Origin => default;

    /// <summary>Asked before a byte of it is sent. False where it must not leave any more: its owner then has it back, and <see cref="Complete"/> is not called. Must neither block nor throw.</summary>
    public virtual bool MayLeave() => true;

    /// <summary>
    /// Called exactly once for each time the message was handed over, on the connection's own path:
    /// it must neither block nor throw.
    /// </summary>
    public abstract void Complete(in DeliveryAttempt attempt);
}
