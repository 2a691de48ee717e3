using System.Collections.Frozen;

namespace Delivery.Mta.Templates;

/// <summary>All helpers there are. A name that is not here and has parameters does not compile.</summary>
internal static class HelperTable
{
    private static readonly FrozenDictionary<string, Helper> Helpers = new Helper[]
    {
        new("eq", 2, 2, true, Comparisons.Equal),
        new("ne", 2, 2, true, Comparisons.NotEqual),
        new("lt", 2, 2, true, Comparisons.Less),
        new("le", 2, 2, true, Comparisons.LessOrEqual),
        new("gt", 2, 2, true, Comparisons.Greater),
        new("ge", 2, 2, true, Comparisons.GreaterOrEqual),
        new("and", 2, TemplateLimits.MaxParameters, true, Comparisons.And),
        new("or", 2, TemplateLimits.MaxParameters, true, Comparisons.Or),
        new("not", 1, 1, true, Comparisons.Not),
        new("contains", 2, 2, true, Comparisons.Contains),
        new("default", 2, TemplateLimits.MaxParameters, false, TextFunctions.Default),
        new("upper", 1, 1, false, TextFunctions.Upper),
        new("lower", 1, 1, false, TextFunctions.Lower),
        new("capitalize", 1, 1, false, TextFunctions.Capitalize),
        new("length", 1, 1, false, TextFunctions.Length),
        new("join", 1, 2, false, TextFunctions.Join),
        new("url", 1, 1, false, TextFunctions.Url),
        new("number", 1, 4, false, NumberFunctions.Number),
        new("plus", 2, 2, false, NumberFunctions.Plus),
        new("minus", 2, 2, false, NumberFunctions.Minus),
        new("times", 2, 2, false, NumberFunctions.Times),
    }.ToFrozenDictionary(helper => helper.Name, StringComparer.Ordinal);

    public const string Date = "date";

    /// <summary>The names, for an error text.</summary>
    public static string Names { get; } = string.Join(", ", Helpers.Keys.Append(Date).Order(StringComparer.Ordinal));

    public static Helper? Find(string name) => Helpers.GetValueOrDefault(name);
}
