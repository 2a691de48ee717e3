using System.Text;
using System.Text.RegularExpressions;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.ClickHouse;

/// <summary>The documents say what the database has, and their SQL gives what the reports give.</summary>
[Collection(SharedStoresCollection.Name)]
public partial class DocumentationTests(SharedStores stores)
{
    [Fact]
    public async Task Every_statement_of_the_figures_runs_and_agrees_with_the_views()
    {
        await using var installation = await stores.InstallAsync();
        await installation.StartAggregatorAsync();
        await installation.NewProducer(1).PublishAsync(new Traffic(51).More(600));
        await installation.DrainedAsync();
        var statements = SqlBlock().Matches(Read("metrics.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(7, statements.Count);
        var answers = new List<string>();
        foreach (var statement in statements)
        {
            answers.Add(Encoding.UTF8.GetString(await installation.ClickHouse.QueryAsync(
                statement + " FORMAT TSV", default, ("account", "7"), ("job", Traffic.Jobs[0].ToString()))));
        }

        var where = $"WHERE account = 7 AND job = {Traffic.Jobs[0]}";
        Assert.Equal(await installation.TextAsync($"SELECT accepted, delivered, bounced, expired, dropped, deferrals, pending FROM v_job_summary {where}"), answers[0]);
        Assert.Equal(
            await installation.TextAsync(
                "SELECT opens, unique_opens, clicks, unique_clicks, unsubscribes, unique_unsubscribes, complaints, machine_opens, unique_machine_opens, "
                + $"machine_clicks, unique_machine_clicks, delivered, bounced, open_rate, click_rate, click_to_open_rate, unsubscribe_rate, bounce_rate FROM v_job_summary {where}"),
            answers[1]);
        Assert.Equal(
            await installation.TextAsync($"SELECT position, clicks, unique_clicks, machine_clicks, unique_machine_clicks, share FROM v_click_breakdown {where} ORDER BY position"),
            answers[2]);
        Assert.Equal(
            await installation.TextAsync($"SELECT day_of_week, hour, clicks, unique_clicks FROM v_response_times {where} AND class = 'human' AND clicks > 0 ORDER BY day_of_week, hour"),
            answers[3]);
        Assert.NotEmpty(answers[4]);
        Assert.NotEmpty(answers[5]);
        Assert.Empty(answers[6]);
    }

    [Fact]
    public async Task Every_table_view_and_column_is_documented()
    {
        await using var installation = await stores.InstallAsync();
        await new Delivery.Aggregator.ClickHouse.SchemaUpdate(installation.ClickHouse).ApplyAsync(Delivery.Aggregator.ClickHouse.SchemaFile.BuiltIn, default);
        var words = Word().Matches(Read("events.md")).Select(match => match.Value).ToHashSet();
        var names = await installation.TextAsync(
            "SELECT name FROM system.tables WHERE database = currentDatabase() UNION DISTINCT SELECT name FROM system.columns WHERE database = currentDatabase()");
        Assert.DoesNotContain(names.Split('\n', StringSplitOptions.RemoveEmptyEntries), name => !words.Contains(name));
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", name));

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex("[a-z_0-9]+")]
    private static partial Regex Word();
}
