using System.Text;
using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>The statements of docs/metrics.md give what the small world is known to hold; scanners, proxies and revised classes are in it.</summary>
[Collection(CookbookCollection.Name)]
public sealed partial class MetricsPageTests(CookbookWorld world)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/metrics.md"));

    private static readonly string[][] Expected =
    [
        ["8 | 7 | 1 | 0 | 0 | 1 | 0"],
        ["7 | 4 | 5 | 2 | 2 | 1 | 0 | 1 | 1 | 5 | 2 | 7 | 1 | 0.5714285714285714 | 0.2857142857142857 | 0.5 | 0.14285714285714285 | 0.125"],
        ["1 | 1 | 1 | 1 | 1 | 0.2", "2 | 3 | 2 | 2 | 2 | 0.6", "3 | 1 | 1 | 0 | 0 | 0.2", "4 | 0 | 0 | 1 | 1 | 0"],
        ["1 | 9 | 3 | 1", "1 | 10 | 1 | 1", "1 | 11 | 1 | 1"],
        ["bounced | invalid_recipient | 1"],
    ];

    /// <summary>Statements of single reports, whose figures the reports' own tests know, and the last one, which finds nothing.</summary>
    private const int OfReports = 5;

    [Fact]
    public async Task Every_statement_gives_the_known_figures_and_so_do_the_views()
    {
        var statements = SqlBlock().Matches(Page).Select(match => match.Groups[1].Value.Trim()).ToList();
        Assert.Equal(Expected.Length + OfReports + 1, statements.Count);
        Assert.Empty(await RowsAsync(statements[^1]));
        foreach (var (statement, rows) in statements.Zip(Expected))
            Assert.Equal(rows, await RowsAsync(statement));
        var views = InlineSql().Matches(Page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, views.Count);
        Assert.StartsWith("7 | 101 | spring | Spring is here | 2026-03-02 08:00:00.000 | 8 | 7 | 1 | 0 | 0 | 1 | 0 | 7 | 4 | 5 | 2 | 2 | 1 | 0 | 1 | 1 | 5 | 2 | 0.571", Assert.Single(await RowsAsync(views[0])), StringComparison.Ordinal);
        Assert.Equal(4, (await RowsAsync(views[1])).Count);
    }

    [Fact]
    public void Every_figure_of_the_summary_is_defined_in_words()
    {
        foreach (var figure in (string[])["accepted", "delivered", "bounced", "expired", "dropped", "deferrals", "pending", "opens", "clicks", "unsubscribes", "complaints",
            "machine opens, machine clicks", "open rate", "click rate", "click to open rate", "unsubscribe rate", "bounce rate", "share of a link"])
        {
            Assert.Contains($"\n| {figure} | `", Page, StringComparison.Ordinal);
        }
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string sql) => CookbookCase.RowsOf(Encoding.UTF8.GetString(
        await world.ClickHouse.QueryAsync(sql + " FORMAT TSV", default, ("account", "7"), ("job", "101"))));

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex("`(SELECT \\* FROM [^`]+)`")]
    private static partial Regex InlineSql();
}
