namespace Delivery.Contracts.Access;

/// <summary>The names of <see cref="Right"/> as settings, commands and answers write them: <c>submit,read,admin</c>.</summary>
public static class RightNames
{
    private static readonly (string Name, Right Right)[] Names = [("submit", Right.Submit), ("read", Right.Read), ("admin", Right.Admin)];

    /// <summary>The names with commas between; <c>none</c> for none.</summary>
    public static string Format(Right rights)
    {
        var names = string.Join(',', Names.Where(one => rights.HasFlag(one.Right)).Select(one => one.Name));
        return names.Length == 0 ? "none" : names;
    }

    /// <summary>Takes names with commas or blanks between, in any case, and <c>all</c>. False where one is unknown or there is none.</summary>
    public static bool TryParse(string text, out Right rights)
    {
        rights = Right.None;
        foreach (var word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var known = word.Equals("all", StringComparison.OrdinalIgnoreCase)
                ? Right.All
                : Names.FirstOrDefault(one => word.Equals(one.Name, StringComparison.OrdinalIgnoreCase)).Right;
            if (known == Right.None)
                return false;
            rights |= known;
        }

        return rights != Right.None;
    }
}
