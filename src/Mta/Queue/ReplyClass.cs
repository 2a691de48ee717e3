using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Queue;

/// <summary>Tells what a reply that the spool keeps as text says. Thread-safe.</summary>
internal sealed class ReplyClass
{
    private static readonly Dictionary<string, BounceClass> Names =
        Enum.GetValues<BounceClass>().ToDictionary(NameOf, value => value, StringComparer.Ordinal);

    /// <summary><see cref="BounceClass.None"/> where there was no reply.</summary>
#pragma warning disable CA1822 // An instance is given to those who ask, as the rules are of one installation.
    public BounceClass Of(string? detail) => TryRead(detail, out var reply) ? BounceClassifier.Classify(reply) : BounceClass.None;
#pragma warning restore CA1822

    public static string NameOf(BounceClass value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static bool TryName(string name, out BounceClass value) => Names.TryGetValue(name, out value);

    /// <summary>Reads what <see cref="SmtpReply.ToString"/> writes: <c>code [status] text</c>.</summary>
    private static bool TryRead(string? detail, out SmtpReply reply)
    {
        reply = default;
        if (detail is not { Length: >= 3 } || !ushort.TryParse(detail.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || code is < 400 or > 599 || (detail.Length > 3 && detail[3] != ' '))
            return false;
        var rest = detail.Length > 4 ? detail[4..] : "";
        if (EnhancedStatus.TryParse(Encoding.UTF8.GetBytes(rest), out var status, out var length))
            rest = rest[length..];
        reply = new SmtpReply(code, status, rest);
        return true;
    }
}
