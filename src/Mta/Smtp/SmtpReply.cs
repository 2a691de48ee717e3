using System.Globalization;

namespace Delivery.Mta.Smtp;

/// <summary>A peer's reply, or one made here in a peer's stead.</summary>
/// <param name="Code">200 to 599; 0 where no reply came.</param>
/// <param name="Enhanced">Present only where its class fits the code.</param>
/// <param name="Text">
/// Without code and enhanced status; lines joined by a space, control characters replaced by '?', at most
/// <see cref="MaxTextBytes"/> bytes of UTF-8. Null only in the default value.
/// </param>
internal readonly record struct SmtpReply(ushort Code, EnhancedStatus Enhanced, string Text)
{
    public const int MaxTextBytes = 512;

    public bool IsPositive => Code / 100 == 2;

    public bool IsIntermediate => Code / 100 == 3;

    public bool IsTransient => Code / 100 == 4;

    public bool IsPermanent => Code / 100 == 5;

    /// <summary>421: the peer closes the connection whatever was asked (RFC 5321 section 3.8).</summary>
    public bool IsClosing => Code == 421;

    /// <summary>Stands for the reply that never came.</summary>
    public static SmtpReply None(string reason) => new(0, default, reason);

    public override string ToString() => Code == 0
        ? Text ?? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Code}{(Enhanced.IsPresent ? " " : "")}{Enhanced} {Text}");
}
