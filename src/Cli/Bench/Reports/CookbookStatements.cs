using System.Text.RegularExpressions;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Reports;

/// <summary>The statements of docs/sql-cookbook.md, by their question.</summary>
internal static partial class CookbookStatements
{
    public static IReadOnlyList<(string Question, string Sql)> Read()
    {
        var page = Path.Combine(Programs.Root, "docs", "sql-cookbook.md");
        return File.Exists(page)
            ? [.. Statement().Matches(File.ReadAllText(page)).Select(match => (match.Groups[1].Value, match.Groups[2].Value))]
            : throw new LaunchException($"{page} is not there", ExitCodes.Failure);
    }

    [GeneratedRegex("^### ([^\n]+)\n\n```sql\n(.*?)```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Statement();
}
