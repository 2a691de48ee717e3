using System.Net;

namespace Delivery.Contracts.Events;

/// <summary>
/// One thing that happened to one recipient of one job: the record that every producer publishes and every report counts.
/// Strings over their limit (see <see cref="EventLimits"/>) are cut at a character, never refused. A null string is written as empty.
/// </summary>
public readonly record struct DeliveryEvent
{
    public required EventKind Kind { get; init; }

    /// <summary>When it happened by the producer's clock: milliseconds since 1970-01-01 UTC.</summary>
    public required long TimeMs { get; init; }

    public required uint Account { get; init; }

    public required ulong Job { get; init; }

    /// <summary>Dense ordinal of the recipient within its job, from 0.</summary>
    public required uint Recipient { get; init; }

    /// <summary>Ordinal of the distinct URL as written in the template, from 1; 0 where no link is concerned.</summary>
    public ushort Link { get; init; }

    /// <summary>Ordinal of the link in the template's source, from 1; 0 where no link is concerned.</summary>
    public ushort Position { get; init; }

    /// <summary>How many times that position was rendered before in the same message (0 outside loops).</summary>
    public ushort LoopIndex { get; init; }

    public ReaderClass Class { get; init; }

    /// <summary>The rule that decided <see cref="Class"/>, such as <c>gmail_image_proxy</c>.</summary>
    public string? ClassReason { get; init; }

    /// <summary>Ordinal of the delivery attempt, from 1; 0 where none was made.</summary>
    public ushort Attempt { get; init; }

    /// <summary>SMTP reply code, 0 where no reply was had.</summary>
    public ushort SmtpCode { get; init; }

    /// <summary>RFC 3463 status such as <c>5.1.1</c>.</summary>
    public string? EnhancedStatus { get; init; }

    public BounceClass BounceClass { get; init; }

    /// <summary>The peer that answered.</summary>
    public string? Mx { get; init; }

    /// <summary>A word for machines: why a recipient was dropped (<c>suppressed</c>, <c>render_failed</c>, …), or the reason given when unsubscribing.</summary>
    public string? Reason { get; init; }

    /// <summary>The peer's reply, or what is wrong in words.</summary>
    public string? Reply { get; init; }

    /// <summary>The destination that was clicked, as rendered for this recipient.</summary>
    public string? Url { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The reader's address; written as IPv6 (IPv4 mapped), null as <c>::</c>.</summary>
    public IPAddress? Ip { get; init; }

    /// <summary>True where an earlier copy may have reached the recipient (RFC 1047).</summary>
    public bool Uncertain { get; init; }
}
