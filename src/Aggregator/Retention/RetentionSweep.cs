using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Retention;

/// <summary>
/// Takes out of ClickHouse what is older than <see cref="RetentionOptions"/> say. Whole months of events, so that nothing is rewritten row by row, and the jobs
/// and numbers concerned are marked before, so that neither an audit nor a repair takes them for lost. Every step may be repeated, and by several aggregators at once.
/// </summary>
internal sealed class RetentionSweep(
    ClickHouseClient clickHouse, SchemaState schema, IOptions<AggregatorOptions> options, TimeProvider time, ILogger<RetentionSweep> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly RetentionOptions _keep = options.Value.Retention;

    /// <summary>One look. Returns how many months went or were blanked.</summary>
    /// <exception cref="ClickHouseException">What was done stands; the next look goes on.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var changed = 0;
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var month in await MonthsAsync(cancellation).ConfigureAwait(false))
        {
            var end = new DateTime((int)month / 100, (int)month % 100, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            if (_keep.Events is { } events && end + events <= now)
                await DropAsync(month, end, cancellation).ConfigureAwait(false);
            else if (!(_keep.IpAndUserAgent is { } readers && end + readers <= now && await BlankReadersAsync(month, cancellation).ConfigureAwait(false)))
                continue;
            changed++;
        }

        if (_keep.Recipients is { } recipients)
            await BlankRecipientsAsync(now - recipients, cancellation).ConfigureAwait(false);
        return changed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_keep is { Events: null, IpAndUserAgent: null, Recipients: null })
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Poll;
            try
            {
                if (schema.IsReady)
                {
                    await RunAsync(stoppingToken).ConfigureAwait(false);
                    wait = _keep.Every;
                }
            }
            catch (ClickHouseException e)
            {
                Log.RetentionFailed(log, e.Message);
                wait = _keep.Every < TimeSpan.FromMinutes(5) ? _keep.Every : TimeSpan.FromMinutes(5);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<ulong>> MonthsAsync(CancellationToken cancellation)
    {
        var answer = await clickHouse.QueryAsync(
            "SELECT DISTINCT toUInt32(partition) AS month FROM system.parts WHERE database = currentDatabase() AND table = 'events' AND active ORDER BY month FORMAT TSV", cancellation)
            .ConfigureAwait(false);
        var months = new List<ulong>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            months.Add(rows.UInt64());
        return months;
    }

    private async Task DropAsync(ulong month, DateTime end, CancellationToken cancellation)
    {
        await clickHouse.ExecuteAsync(
            "INSERT INTO thinned_jobs SELECT DISTINCT account, job, toDateTime({end:Int64}, 'UTC') FROM events WHERE toYYYYMM(time) = {month:UInt32}", cancellation,
            [("end", Text(new DateTimeOffset(end).ToUnixTimeSeconds())), ("month", Text(month))]).ConfigureAwait(false);
        await clickHouse.ExecuteAsync(
            "INSERT INTO numbers_aside (shard, producer, first, last, what) SELECT shard, producer, 1, max(number), 'before' FROM events WHERE toYYYYMM(time) = {month:UInt32} GROUP BY shard, producer",
            cancellation, [("month", Text(month))]).ConfigureAwait(false);
        await clickHouse.ExecuteAsync($"ALTER TABLE events DROP PARTITION {Text(month)}", cancellation).ConfigureAwait(false);
        Log.MonthDropped(log, month);
    }

    /// <summary>True where there was anything to blank.</summary>
    private async Task<bool> BlankReadersAsync(ulong month, CancellationToken cancellation)
    {
        const string TellsWho = "(ip != toIPv6('::') OR user_agent != '')";
        var found = new TabSeparated(await clickHouse.QueryAsync(
            $"SELECT count() FROM (SELECT 1 FROM events WHERE toYYYYMM(time) = {{month:UInt32}} AND {TellsWho} LIMIT 1) FORMAT TSV", cancellation, ("month", Text(month)))
            .ConfigureAwait(false)).UInt64();
        if (found == 0 || await IsMutatingAsync("events", cancellation).ConfigureAwait(false))
            return false;
        await clickHouse.ExecuteAsync(
            $"ALTER TABLE events UPDATE ip = toIPv6('::'), user_agent = '' IN PARTITION {Text(month)} WHERE {TellsWho} SETTINGS mutations_sync = 0", cancellation).ConfigureAwait(false);
        Log.ReadersBlanked(log, month);
        return true;
    }

    private async Task BlankRecipientsAsync(DateTime before, CancellationToken cancellation)
    {
        var old = $"(account, job) IN (SELECT account, job FROM {clickHouse.Database}.jobs WHERE created < fromUnixTimestamp64Milli({Text(new DateTimeOffset(before).ToUnixTimeMilliseconds())}, 'UTC'))"
            + " AND recipient_key != toFixedString('', 16)";
        var found = new TabSeparated(
            await clickHouse.QueryAsync($"SELECT count() FROM (SELECT 1 FROM recipients WHERE {old} LIMIT 1) FORMAT TSV", cancellation).ConfigureAwait(false)).UInt64();
        if (found == 0 || await IsMutatingAsync("recipients", cancellation).ConfigureAwait(false))
            return;
        await clickHouse.ExecuteAsync(
            $"ALTER TABLE recipients UPDATE upstream_id = '', domain = '', recipient_key = toFixedString('', 16), metadata = '{{}}' WHERE {old} SETTINGS mutations_sync = 0", cancellation)
            .ConfigureAwait(false);
        Log.RecipientsBlanked(log, before);
    }

    /// <summary>One is enough: it may be this one's of the last look.</summary>
    private async Task<bool> IsMutatingAsync(string table, CancellationToken cancellation) =>
        new TabSeparated(await clickHouse.QueryAsync(
            $"SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = '{table}' AND NOT is_done FORMAT TSV", cancellation).ConfigureAwait(false)).UInt64() > 0;

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
