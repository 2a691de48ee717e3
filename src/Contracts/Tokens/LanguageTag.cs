using System.Text;

namespace Delivery.Contracts.Tokens;

/// <summary>Language tags (BCP 47) as the languages that pages are written in.</summary>
public static class LanguageTag
{
    /// <summary>By the primary subtag, in any case: <c>he</c>, <c>he-IL</c> and <c>iw</c> of old, <c>en</c>, <c>en_GB</c>.</summary>
    public static MailLanguage Read(ReadOnlySpan<char> tag)
    {
        tag = tag.Trim();
        var primary = tag.IndexOfAny('-', '_') is var end and >= 0 ? tag[..end] : tag;
        if (Ascii.EqualsIgnoreCase(primary, "he") || Ascii.EqualsIgnoreCase(primary, "iw"))
            return MailLanguage.Hebrew;
        return Ascii.EqualsIgnoreCase(primary, "en") ? MailLanguage.English : MailLanguage.Unknown;
    }

    /// <summary>True for letters and digits in groups of 1 to 8 with <c>-</c> or <c>_</c> between, the first of two letters or more (RFC 5646 section 2.1).</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> tag)
    {
        const int LongestGroup = 8;
        var first = true;
        foreach (var range in tag.SplitAny("-_"u8))
        {
            var group = tag[range];
            if (group.IsEmpty || group.Length > LongestGroup || (first && (group.Length == 1 || group.ContainsAnyInRange((byte)'0', (byte)'9'))))
                return false;
            foreach (var letter in group)
            {
                if (!char.IsAsciiLetterOrDigit((char)letter))
                    return false;
            }

            first = false;
        }

        return true;
    }

    /// <param name="tag">ASCII; anything else is no tag.</param>
    public static MailLanguage Read(ReadOnlySpan<byte> tag)
    {
        const int Longest = 64;
        Span<char> text = stackalloc char[Longest];
        return tag.Length <= Longest && Ascii.ToUtf16(tag, text, out var length) == System.Buffers.OperationStatus.Done ? Read(text[..length]) : MailLanguage.Unknown;
    }
}
