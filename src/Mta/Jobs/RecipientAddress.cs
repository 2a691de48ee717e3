using System.Text;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Says in words why an address cannot be taken: the rules are <see cref="MailAddress"/>'s.</summary>
internal static class RecipientAddress
{
    /// <summary>Null where the address is sound, else what is wrong with it.</summary>
    public static string? Fault(string address)
    {
        foreach (var c in address)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                return "has a line break or control character";
            if (char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or ':' or '(' or ')' or '[' or ']' or '"' or '\\')
                return $"has '{c}', which an address does not have";
        }

        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1 || address.IndexOf('@', StringComparison.Ordinal) != at)
            return "is not of the form name@domain";
        if (!Ascii.IsValid(address) && (AddressLetters.Fault(address.AsSpan(0, at)) ?? AddressLetters.Fault(address.AsSpan(at + 1))) is { } fault)
            return fault;
        return MailAddress.TryNormalize(address, out _)
            ? null
            : "is not a valid address: at most 64 bytes of UTF-8 before the @, 254 in all, and a domain of letters, digits and hyphens";
    }

    /// <summary>The domain as it goes on the wire and into reports: lower case, A-labels. The address is sound.</summary>
    public static string Domain(string address)
    {
        MailAddress.TryNormalize(address, out var normalized);
        return normalized[(normalized.LastIndexOf('@') + 1)..].ToLowerInvariant();
    }
}
