using System.Globalization;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>Which letters outside ASCII an address may have: those that can be seen, in one spelling (RFC 6530 section 10.1, RFC 6532 section 3.1).</summary>
internal static class AddressLetters
{
    /// <summary>Null where all are sound, else what is wrong in words that follow "the address". Says nothing of ASCII.</summary>
    public static string? Fault(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out var rune, out var used) != System.Buffers.OperationStatus.Done)
                return "has half of a character (a lone surrogate)";
            if (!rune.IsAscii && !IsVisible(rune))
                return $"has U+{rune.Value:X4}, which cannot be seen or changes the direction of what follows";
            if (at == 0 && IsMark(rune))
                return $"begins with U+{rune.Value:X4}, a mark that belongs on a letter";
            at += used;
        }
        return ComposedForm.Is(text) ? null : "is not in Unicode's composed form: give it in NFC";
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>No control, no space, nothing of Unicode's Default_Ignorable_Code_Point, and assigned at all.</summary>
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => false,
        _ => rune.Value is not (0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or 0xFFFC or 0xFFFD or (>= 0xE0000 and <= 0xE0FFF)),
    };
}
