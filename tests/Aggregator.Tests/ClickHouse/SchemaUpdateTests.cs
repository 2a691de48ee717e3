using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Tests.Scenarios;

namespace Delivery.Aggregator.Tests.ClickHouse;

[Collection(SharedStoresCollection.Name)]
public class SchemaUpdateTests(SharedStores stores)
{
    [Fact]
    public async Task The_schema_is_applied_once_and_again_after_a_crash_half_way()
    {
        await using var installation = await stores.InstallAsync();
        var update = new SchemaUpdate(installation.ClickHouse);
        Assert.Equal(SchemaFile.BuiltIn.Count, await update.ApplyAsync(SchemaFile.BuiltIn, default));
        Assert.Equal(0, await update.ApplyAsync(SchemaFile.BuiltIn, default));

        await using var other = await stores.InstallAsync();
        update = new SchemaUpdate(other.ClickHouse);
        foreach (var file in SchemaFile.BuiltIn)
        {
            SchemaFile[] until = [.. SchemaFile.BuiltIn.Where(f => f.Version <= file.Version)];
            Assert.Equal(1, await update.ApplyAsync(until, default));
            await other.ClickHouse.ExecuteAsync($"ALTER TABLE schema_versions DELETE WHERE version = {file.Version} SETTINGS mutations_sync = 1", default);
            Assert.Equal(1, await update.ApplyAsync(until, default));
        }
    }

    [Fact]
    public async Task An_installation_with_events_learns_new_bounce_classes_everywhere()
    {
        await using var installation = await stores.InstallAsync();
        var update = new SchemaUpdate(installation.ClickHouse);
        await update.ApplyAsync([.. SchemaFile.BuiltIn.Where(file => file.Version < 5)], default);
        await AddAsync("mailbox_full", 1);
        Assert.Equal(SchemaFile.BuiltIn.Count - 4, await update.ApplyAsync(SchemaFile.BuiltIn, default));
        await AddAsync("greylisted", 2);
        await AddAsync("inactive_mailbox", 3);

        const string Expected = "inactive_mailbox\t1\nmailbox_full\t1\ngreylisted\t1\n";
        foreach (var (table, events) in new[] { ("events", "count()"), ("events_by_job", "sum(events)"), ("events_by_job_raw", "sum(events)"), ("v_events", "count()") })
            Assert.Equal(Expected, await installation.TextAsync($"SELECT bounce_class, {events} FROM {table} GROUP BY bounce_class ORDER BY bounce_class"));
        Assert.Equal("3\n", await installation.TextAsync("SELECT bounced FROM v_job_summary"));

        Task AddAsync(string bounceClass, int recipient) => installation.ClickHouse.ExecuteAsync(
            $"INSERT INTO events (producer, shard, number, kind, time, account, job, recipient, bounce_class) VALUES (1, 0, {recipient}, 'bounced', '2026-01-01 00:00:00', 7, 1, {recipient}, '{bounceClass}')",
            default);
    }

    [Fact]
    public async Task An_installation_with_events_keeps_its_roll_ups_and_can_count_them_again()
    {
        await using var installation = await stores.InstallAsync();
        var update = new SchemaUpdate(installation.ClickHouse);
        await update.ApplyAsync([.. SchemaFile.BuiltIn.Where(file => file.Version < 6)], default);
        await AddAsync(1, 400);
        const string Sums = "SELECT job, kind, class, sum(events), groupBitmapMerge(people) FROM events_by_job GROUP BY ALL ORDER BY ALL";
        const string Clicks = "SELECT job, position, class, sum(clicks), groupBitmapMerge(people) FROM clicks_by_link GROUP BY ALL ORDER BY ALL";
        var (sums, clicks) = (await installation.TextAsync(Sums), await installation.TextAsync(Clicks));
        Assert.Equal(SchemaFile.BuiltIn.Count - 5, await update.ApplyAsync(SchemaFile.BuiltIn, default));
        Assert.Equal((sums, clicks), (await installation.TextAsync(Sums), await installation.TextAsync(Clicks)));
        Assert.Equal("0\t1\t1\t400\tbefore\n", await installation.TextAsync("SELECT shard, producer, first, last, what FROM numbers_aside"));

        await AddAsync(401, 700);
        Assert.Equal(700UL, await installation.NumberAsync("SELECT sum(events) FROM events_by_job"));
        Assert.Empty(await installation.NewVerifier().FindDifferingAsync([1, 2, 3], default));
        (sums, clicks) = (await installation.TextAsync(Sums), await installation.TextAsync(Clicks));
        await installation.NewRebuild().RebuildAsync([1, 2, 3], await installation.FenceAsync(), default);
        Assert.Equal((sums, clicks), (await installation.TextAsync(Sums), await installation.TextAsync(Clicks)));
        await AddAsync(701, 800);
        Assert.Equal(800UL, await installation.NumberAsync("SELECT sum(events) FROM events_by_job"));
        Assert.Empty(await installation.NewVerifier().FindDifferingAsync([1, 2, 3], default));

        Task AddAsync(int first, int last) => installation.ClickHouse.ExecuteAsync(
            "INSERT INTO events (producer, shard, number, kind, time, account, job, recipient, position, link, class) "
            + "SELECT 1, 0, number, if(number % 2, 'clicked', 'opened'), toDateTime64('2026-01-31 23:30:00', 3, 'UTC') + number * 10, 7, 1 + number % 3, number % 50, number % 4, number % 4, number % 3 "
            + $"FROM numbers({first}, {last - first + 1})",
            default);
    }

    [Fact]
    public async Task The_database_knows_every_bounce_class_by_the_name_that_rules_use()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var names = Enum.GetValues<Delivery.Contracts.Events.BounceClass>()
            .Select(value => $"'{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())}' = {(byte)value}");
        Assert.Equal(
            $"Enum8({string.Join(", ", names)})",
            (await installation.TextAsync("SELECT DISTINCT type FROM system.columns WHERE database = currentDatabase() AND name = 'bounce_class'")).Trim().Replace("\\'", "'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_applied_file_that_changed_is_refused()
    {
        await using var installation = await stores.InstallAsync();
        var update = new SchemaUpdate(installation.ClickHouse);
        await update.ApplyAsync([SchemaFile.Parse("001_a.sql", "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = Memory;\n")], default);
        var error = await Assert.ThrowsAsync<SchemaException>(() =>
            update.ApplyAsync([SchemaFile.Parse("001_a.sql", "CREATE TABLE IF NOT EXISTS a (x UInt16) ENGINE = Memory;\n")], default));
        Assert.Contains("001_a.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_and_column_tells_what_it_holds()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        Assert.Equal("", await installation.TextAsync(
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND comment = ''"));
        Assert.Equal("", await installation.TextAsync(
            "SELECT table, name FROM system.columns WHERE database = currentDatabase() AND comment = '' AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')"));
    }

    [Fact]
    public async Task A_parameter_cannot_become_part_of_a_statement()
    {
        await using var installation = await stores.InstallAsync();
        await new SchemaUpdate(installation.ClickHouse).ApplyAsync([], default);
        const string Hostile = "'; DROP DATABASE x; -- & \\ % +";
        var answer = await installation.ClickHouse.QueryAsync("SELECT length({text:String}) FORMAT TSV", default, ("text", Hostile));
        Assert.Equal($"{Hostile.Length}\n", System.Text.Encoding.UTF8.GetString(answer));
    }
}
