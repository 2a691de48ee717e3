using System.Buffers;
using System.Globalization;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>
/// Addresses as this sender takes them: <c>dot-atom "@" domain</c> of RFC 5321 section 4.1.2, ASCII, at most 254
/// bytes with 64 before the '@'. An internationalized domain is turned into A-labels; quoted local parts, address
/// literals and SMTPUTF8 are refused.
/// </summary>
internal static class MailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private static readonly SearchValues<char> AText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> LetDig =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The address in ASCII, as it goes into the envelope and the headers.</summary>
    public static bool TryNormalize(string address, out string ascii)
    {
        ascii = address;
        var at = address.LastIndexOf('@');
        if (at is < 1 or > MaxLocalLength || !IsDotAtom(address.AsSpan(0, at)))
            return false;
        if (!Ascii.IsValid(address))
        {
            if (!TryALabel(address[(at + 1)..], out var domain))
                return false;
            ascii = string.Concat(address.AsSpan(0, at + 1), domain);
        }
        return ascii.Length <= MaxLength && IsDomain(ascii.AsSpan(at + 1));
    }

    private static bool IsDotAtom(ReadOnlySpan<char> local) => !local.ContainsAnyExcept(AText)
        && local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0;

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        while (true)
        {
            var dot = domain.IndexOf('.');
            var label = dot < 0 ? domain : domain[..dot];
            if (label.Length is 0 or > 63 || label.ContainsAnyExcept(LetDig) || label[0] == '-' || label[^1] == '-')
                return false;
            if (dot < 0)
                return true;
            domain = domain[(dot + 1)..];
        }
    }

    private static bool TryALabel(string domain, out string ascii)
    {
        try
        {
            ascii = new IdnMapping().GetAscii(domain);
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
        }
    }
}
