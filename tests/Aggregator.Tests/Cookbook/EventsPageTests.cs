using System.Text;
using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>docs/events.md says of every table and view which columns it has, where it speaks of that table, and says of none what it has not.</summary>
[Collection(CookbookCollection.Name)]
public sealed partial class EventsPageTests(CookbookWorld world)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/events.md"));

    /// <summary>Tables whose columns are those of others by the page's words, and what else those words name.</summary>
    private static readonly Dictionary<string, string[]> Alike = new()
    {
        ["clicks_by_link_raw"] = ["clicks_by_link"], ["events_by_job_raw"] = ["events_by_job"],
        ["clicks_by_link_rows"] = ["clicks_by_link"], ["events_by_job_rows"] = ["events_by_job"],
        ["clicks_by_link_view"] = ["clicks_by_link"], ["events_by_job_view"] = ["events_by_job"],
        ["events_in"] = ["events"], ["events_in_view"] = ["events"], ["v_events"] = ["events"], ["v_events_plain"] = ["events"],
    };

    [Fact]
    public async Task Every_column_of_every_table_and_view_stands_where_the_page_speaks_of_it()
    {
        var missing = new List<string>();
        foreach (var table in (await ColumnsAsync()).GroupBy(row => row[0], row => row[1]))
        {
            var words = Alike.GetValueOrDefault(table.Key, []).Append(table.Key).SelectMany(name => Code().Matches(Home(name)).SelectMany(code => Word().Matches(code.Value).Select(word => word.Value))).ToHashSet();
            missing.AddRange(table.Where(column => !words.Contains(column)).Select(column => $"{table.Key}.{column}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task The_columns_that_the_page_lists_are_there_with_their_types()
    {
        var columns = (await ColumnsAsync()).ToDictionary(row => $"{row[0]}.{row[1]}", row => row[2]);
        foreach (var table in (string[])["events", "recipients"])
        {
            var rows = ListedColumn().Matches(Home(table));
            Assert.True(rows.Count >= 6);
            foreach (Match row in rows)
            {
                var (names, types) = (Word().Matches(row.Groups[1].Value).Select(word => word.Value).ToList(), row.Groups[2].Value.Split(", "));
                foreach (var (name, type) in names.Zip(types))
                    Assert.Equal((name, type), (name, Parameters().Replace(columns[$"{table}.{name}"], "$1$2")));
            }
        }
    }

    [Fact]
    public async Task No_column_is_without_a_comment_but_those_of_views_and_of_the_door()
    {
        var bare = Encoding.UTF8.GetString(await world.ClickHouse.QueryAsync(
            "SELECT c.table, c.name FROM system.columns AS c JOIN system.tables AS t ON t.database = c.database AND t.name = c.table "
            + "WHERE c.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.comment = '' FORMAT TSV", default));
        Assert.Equal("", bare);
    }

    private async Task<string[][]> ColumnsAsync() =>
        [.. Encoding.UTF8.GetString(await world.ClickHouse.QueryAsync("SELECT table, name, type FROM system.columns WHERE database = currentDatabase() FORMAT TSVRaw", default))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    /// <summary>The section that has the table in its heading; else the lines that speak of it.</summary>
    private static string Home(string table)
    {
        foreach (var section in Page.Split("\n### ").Skip(1))
        {
            if (section[..section.IndexOf('\n')].Contains($"`{table}`", StringComparison.Ordinal))
                return section.Split("\n## ")[0];
        }

        return string.Join('\n', Page.Split('\n').Where(line => line.Contains($"`{table}`", StringComparison.Ordinal) || line.Contains($"`{table}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex("[a-z_0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex("^\\| (`[^|]+`) \\| ([^|]+) \\|", RegexOptions.Multiline)]
    private static partial Regex ListedColumn();

    /// <summary>What the page leaves out of a type: the values of an enumeration and the zone of a time.</summary>
    [GeneratedRegex("(Enum8)\\(.*\\)|(DateTime64\\(3), 'UTC'(?=\\))")]
    private static partial Regex Parameters();
}
