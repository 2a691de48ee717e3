using System.Collections.Frozen;

namespace Delivery.Mta.Messages;

/// <summary>Which header fields a job may set itself.</summary>
internal static class HeaderNames
{
    private const int MaxLength = 76;

    private static readonly FrozenSet<string> Reserved = new[]
    {
        "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Return-Path",
        "Received", "DKIM-Signature", "DomainKey-Signature", "Authentication-Results", "Delivered-To",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ReservedPrefixes = ["Content-", "List-Unsubscribe", "Resent-", "ARC-"];

    /// <summary>RFC 5322's field-name: printable ASCII without the colon. Null when the name may be used, else what is wrong.</summary>
    public static string? Check(string name)
    {
        if (name.Length is 0 or > MaxLength)
            return $"a header's name has 1 to {MaxLength} characters";
        foreach (var c in name)
        {
            if (c is <= ' ' or > '~' or ':')
                return $"'{(c is > ' ' and <= '~' ? c : '?')}' may not stand in a header's name; use letters, digits and '-'";
        }
        if (Reserved.Contains(name) || Array.Exists(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return $"'{name}' is set by the sender itself; {Advice(name)}";
        return null;
    }

    private static string Advice(string name) => name.ToUpperInvariant() switch
    {
        "FROM" => "use content.from",
        "SUBJECT" => "use content.subject",
        "REPLY-TO" => "use content.reply_to",
        "TO" or "CC" or "BCC" => "every recipient gets a message of its own",
        "RETURN-PATH" => "use return_path",
        _ => "leave it out",
    };
}
