namespace Delivery.Mta.Specimens;

/// <summary>Cuts UTF-8 between characters.</summary>
internal static class Utf8Pieces
{
    private const int LongestCharacter = 4;

    /// <summary>Pieces that are the text one after another, each of at most <paramref name="maxBytes"/>; one that is empty for an empty text.</summary>
    /// <param name="maxBytes">At least 4.</param>
    public static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> utf8, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, LongestCharacter);
        var pieces = new List<ReadOnlyMemory<byte>>();
        while (utf8.Length > maxBytes)
        {
            var end = maxBytes;
            while ((utf8.Span[end] & 0xC0) == 0x80)
                end--;
            pieces.Add(utf8[..end]);
            utf8 = utf8[end..];
        }

        pieces.Add(utf8);
        return pieces;
    }
}
