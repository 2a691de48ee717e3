using System.Text.RegularExpressions;

namespace Delivery.Aggregator.Letters;

/// <summary>Ids of dead letters: <c>milliseconds-sequence</c>.</summary>
internal static partial class LetterId
{
    public static bool IsOne(string text) => Form().IsMatch(text);

    [GeneratedRegex(@"\A[0-9]{1,19}-[0-9]{1,19}\z")]
    private static partial Regex Form();
}
