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

    /// <param name="tag">ASCII; anything else is no tag.</param>
    public static MailLanguage Read(ReadOnlySpan<byte> tag)
    {
        const int Longest = 64;
        Span<char> text = stackalloc char[Longest];
        return tag.Length <= Longest && Ascii.ToUtf16(tag, text, out var length) == System.Buffers.OperationStatus.Done ? Read(text[..length]) : MailLanguage.Unknown;
    }
}
