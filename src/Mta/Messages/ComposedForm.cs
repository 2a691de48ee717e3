using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>Whether a text is in Unicode's normalization form NFC (UAX 15), in which one address has one spelling.</summary>
internal static class ComposedForm
{
    /// <summary>Below it every character is as composed as can be and composes with none before it.</summary>
    private const int FirstOfInterest = 0x300;

    private static readonly (int From, int To, int Class)[] Excluded = Ranges(ComposedFormTables.Excluded);
    private static readonly (int From, int To, int Class)[] Classes = Ranges(ComposedFormTables.Classes);
    private static readonly FrozenDictionary<int, (int First, int Second)> Compositions = ReadCompositions();
    private static readonly FrozenSet<(int First, int Second)> Pairs = Compositions.Values.ToFrozenSet();

    /// <summary>The text has no lone surrogates.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        var starter = -1;
        var lastClass = 0;
        var between = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var c = rune.Value;
            var combining = 0;
            if (c >= FirstOfInterest)
            {
                if (Find(Excluded, c) >= 0)
                    return false;
                combining = ClassOf(c);
                if (combining != 0 && lastClass > combining)
                    return false;
                if (starter >= 0 && !(between && lastClass >= combining) && Composes(starter, c, combining))
                    return false;
            }
            if (combining == 0)
                starter = c;
            between = combining != 0;
            lastClass = combining;
        }
        return true;
    }

    /// <summary>Whether the mark composes with the letter, or, being ordered before marks that the letter has in it, with what is below those.</summary>
    private static bool Composes(int starter, int c, int combining)
    {
        while (true)
        {
            if (Pairs.Contains((starter, c)) || ComposesHangul(starter, c))
                return true;
            if (!Compositions.TryGetValue(starter, out var parts) || combining == 0 || ClassOf(parts.Second) <= combining)
                return false;
            starter = parts.First;
        }
    }

    private static bool ComposesHangul(int first, int second) =>
        (first is >= 0x1100 and <= 0x1112 && second is >= 0x1161 and <= 0x1175)
        || (first is >= 0xAC00 and <= 0xD7A3 && (first - 0xAC00) % 28 == 0 && second is >= 0x11A8 and <= 0x11C2);

    private static int ClassOf(int c) => Find(Classes, c) is >= 0 and var at ? Classes[at].Class : 0;

    private static int Find((int From, int To, int Class)[] ranges, int c)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (c < ranges[middle].From)
                high = middle - 1;
            else if (c > ranges[middle].To)
                low = middle + 1;
            else
                return middle;
        }
        return -1;
    }

    private static (int From, int To, int Class)[] Ranges(string table) =>
        [.. Words(table).Select(word =>
        {
            var parts = word.Split(':');
            var (from, to) = Range(parts[0]);
            return (from, to, parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        })];

    private static FrozenDictionary<int, (int First, int Second)> ReadCompositions()
    {
        var compositions = new Dictionary<int, (int, int)>();
        foreach (var word in Words(ComposedFormTables.Compositions))
        {
            var parts = word.Split(':');
            var composite = Hex(parts[0]);
            foreach (var pair in parts[1].Split(','))
                compositions.Add(composite++, (Hex(pair[..pair.IndexOf('.', StringComparison.Ordinal)]), Hex(pair[(pair.IndexOf('.', StringComparison.Ordinal) + 1)..])));
        }
        return compositions.ToFrozenDictionary();
    }

    private static string[] Words(string table) => table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static (int From, int To) Range(string word)
    {
        var ends = word.Split('-');
        return (Hex(ends[0]), Hex(ends[^1]));
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
