using System.Globalization;

namespace Delivery.Contracts.Suppressions;

/// <summary>All reasons of one person as Redis holds them: <c>reason|unix ms|list</c>, several of them with <c>;</c> between. No two have the same reason and list.</summary>
public static class SuppressionValue
{
    public static string Format(in SuppressedFor why) =>
        string.Create(CultureInfo.InvariantCulture, $"{SuppressionReasons.Word(why.Reason)}|{why.TimeMs}|{why.List}");

    /// <summary>Adds what the value holds to <paramref name="into"/>; what is not of the form is passed over.</summary>
    public static void Parse(ReadOnlySpan<char> value, List<SuppressedFor> into)
    {
        foreach (var range in value.Split(';'))
        {
            if (TryParse(value[range], out var why))
                into.Add(why);
        }
    }

    private static bool TryParse(ReadOnlySpan<char> text, out SuppressedFor why)
    {
        why = default;
        var first = text.IndexOf('|');
        var last = text.LastIndexOf('|');
        if (first < 0 || last == first
            || !SuppressionReasons.TryParse(text[..first], out var reason)
            || !long.TryParse(text[(first + 1)..last], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timeMs)
            || !uint.TryParse(text[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var list))
            return false;
        why = new SuppressedFor(reason, list, timeMs);
        return true;
    }
}
