using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>The page's statements by their question, and the rows that the world gives for them.</summary>
public static partial class CookbookPage
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/sql-cookbook.md"));

    /// <summary>In the page's order.</summary>
    public static IReadOnlyDictionary<string, string> Statements { get; } =
        Question().Matches(Text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());

    public static IReadOnlyList<CookbookCase> Cases { get; } = [.. Read()];

    [GeneratedRegex("^### ([^\n]+)\n\n```sql\n(.*?)```\n\n\\S", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Question();

    /// <summary>In <c>expected.txt</c> a question's line is followed by "? name=value" where a parameter differs from the usual, then by rows with " | " between fields.</summary>
    private static IEnumerable<CookbookCase> Read()
    {
        var (question, changes, rows, any) = ("", new Dictionary<string, string>(), new List<string>(), false);
        foreach (var line in File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests/Aggregator.Tests/Cookbook/expected.txt")).Append("### "))
        {
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith("### ", StringComparison.Ordinal) || line.StartsWith("? ", StringComparison.Ordinal))
            {
                if (any)
                    yield return new CookbookCase(question, changes, rows);
                (changes, rows, any) = ([], [], false);
            }

            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                question = line[4..];
            }
            else if (line.StartsWith("? ", StringComparison.Ordinal))
            {
                any = true;
                foreach (var pair in line[2..].Split(", "))
                    changes.Add(pair[..pair.IndexOf('=')], pair[(pair.IndexOf('=') + 1)..]);
            }
            else
            {
                any = true;
                if (line != "(nobody)")
                    rows.Add(line);
            }
        }
    }
}
