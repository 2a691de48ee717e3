using System.Buffers;
using System.Globalization;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>
/// Addresses as this sender takes them: <c>dot-atom "@" domain</c> of RFC 5321 section 4.1.2, in the local part also letters outside ASCII
/// (RFC 6531 section 3.3, and then only for peers with SMTPUTF8), at most 254 bytes with 64 before the '@'. An internationalized domain is
/// turned into A-labels, which every peer takes; quoted local parts and address literals are refused.
/// </summary>
internal static class MailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private static readonly SearchValues<char> AText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> LetDig =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The address as it goes into the envelope and the headers: ASCII, but for a local part that is not.</summary>
    public static bool TryNormalize(string address, out string normalized)
    {
        normalized = address;
        var at = address.LastIndexOf('@');
        if (at is < 1 or > MaxLocalLength)
            return false;
        if (Ascii.IsValid(address))
            return address.Length <= MaxLength && IsDotAtom(address.AsSpan(0, at)) && IsDomain(address.AsSpan(at + 1));
        if (!IsInternationalDotAtom(address.AsSpan(0, at)) || AddressLetters.Fault(address.AsSpan(at + 1)) is not null
            || !TryALabel(address[(at + 1)..], out var domain))
            return false;
        normalized = string.Concat(address.AsSpan(0, at + 1), domain);
        return Encoding.UTF8.GetByteCount(normalized) <= MaxLength && IsDomain(domain);
    }

    /// <summary>Whether a sound address can go to a peer only that offers SMTPUTF8: its local part is not ASCII.</summary>
    public static bool NeedsSmtpUtf8(string address) => !Ascii.IsValid(address.AsSpan(0, Math.Max(0, address.LastIndexOf('@'))));

    private static bool IsDotAtom(ReadOnlySpan<char> local) => !local.ContainsAnyExcept(AText) && HasDotsWithin(local);

    /// <summary>RFC 6531 section 3.3: <c>atext =/ UTF8-non-ascii</c>.</summary>
    private static bool IsInternationalDotAtom(ReadOnlySpan<char> local)
    {
        foreach (var c in local)
        {
            if (char.IsAscii(c) && !AText.Contains(c))
                return false;
        }
        return HasDotsWithin(local) && Encoding.UTF8.GetByteCount(local) <= MaxLocalLength && AddressLetters.Fault(local) is null;
    }

    private static bool HasDotsWithin(ReadOnlySpan<char> local) => local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0;

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        while (true)
        {
            var dot = domain.IndexOf('.');
            var label = dot < 0 ? domain : domain[..dot];
            if (label.Length is 0 or > 63 || label.ContainsAnyExcept(LetDig) || label[0] == '-' || label[^1] == '-')
                return false;
            // An address of four numbers is no domain, and no top-level domain is a number (RFC 3696 section 2).
            if (dot < 0)
                return label.ContainsAnyExceptInRange('0', '9');
            domain = domain[(dot + 1)..];
        }
    }

    private static bool TryALabel(string domain, out string ascii)
    {
        try
        {
            // Without Unicode's own libraries the mapping folds no case outside ASCII.
            ascii = new IdnMapping().GetAscii(domain.ToLowerInvariant());
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
        }
    }
}
