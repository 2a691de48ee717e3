using System.Globalization;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Queue;

/// <summary>Tells what a reply that the spool keeps as text says, by the rules of today. Thread-safe.</summary>
internal sealed class ReplyClass(BounceClassifier classifier)
{
    /// <summary><see cref="BounceClass.None"/> where there was no reply.</summary>
    public BounceClass Of(string? detail) => TryRead(detail, out var reply) ? classifier.Classify(reply, null).Class : BounceClass.None;

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
