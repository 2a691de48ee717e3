using System.Diagnostics;
using System.Globalization;

namespace Delivery.Integration.Tests.Kills;

/// <summary>Everything that is counted from the events: against the events, against the ledgers, and by the audit that operators run.</summary>
internal sealed class RollupCheck(KillLine line, SinkLedger sink, KillRound round, Timeline timeline, Violations violations)
{
    /// <summary>Classes may still be changing when a round is at rest; a roll-up follows its job within seconds.</summary>
    private static readonly TimeSpan FollowLimit = TimeSpan.FromSeconds(60);

    public async Task RunAsync()
    {
        await CheckRollupAsync("events_by_job", "kind, class, bounce_class, reason", "events", "if(kind = 'dropped', reason, '')", "1");
        await CheckRollupAsync("clicks_by_link", "position, link, class", "clicks", null, "kind = 'clicked'");
        await CheckReadersAsync();
        await CheckSummaryAsync();
        var found = await line.AuditAsync();
        violations.Check(found.Length == 0, $"the audit found something: {found}");
        timeline.Add(found.Length == 0 ? "the audit found nothing" : "the audit found something");
    }

    /// <summary>Every row of a roll-up, counted again from the events and the class that holds now: its total and who they are.</summary>
    private async Task CheckRollupAsync(string table, string keys, string total, string? reason, string where)
    {
        var watch = Stopwatch.StartNew();
        string difference;
        while ((difference = await CompareAsync(table, keys, total, reason, where)).Length > 0 && watch.Elapsed < FollowLimit)
            await Task.Delay(200);
        violations.Check(difference.Length == 0, difference);
    }

    /// <param name="reason">What the roll-up has as its reason; null where it has none.</param>
    private async Task<string> CompareAsync(string table, string keys, string total, string? reason, string where)
    {
        var raw = reason is null ? keys : keys.Replace("reason", reason + " AS reason_", StringComparison.Ordinal);
        var rawKeys = reason is null ? keys : keys.Replace("reason", "reason_", StringComparison.Ordinal);
        var rows = await line.QueryAsync(
            $"""
            SELECT side, {keys}, bucket, n, length(people), cityHash64(people) FROM
            (
                SELECT 'roll-up' AS side, {keys}, bucket, toUInt64(sum(t.{total})) AS n, arraySort(bitmapToArray(groupBitmapMergeState(t.people))) AS people
                FROM {table} AS t WHERE account = 1 AND job = {round.Job} GROUP BY {keys}, bucket
                UNION ALL
                SELECT 'raw' AS side, {raw}, toStartOfFifteenMinutes(time) AS bucket, count() AS n, arraySort(groupUniqArray(recipient)) AS people
                FROM v_events WHERE account = 1 AND job = {round.Job} AND {where} GROUP BY {rawKeys}, bucket
            )
            ORDER BY {keys}, bucket, side
            """);
        var raws = Side("raw");
        var rollups = Side("roll-up");
        return raws.SequenceEqual(rollups) ? "" : $"{table} is not what the events say:\n  raw     {string.Join("\n          ", raws.Except(rollups))}\n  roll-up {string.Join("\n          ", rollups.Except(raws))}";

        List<string> Side(string name) => [.. rows.Where(row => row[0] == name).Select(row => string.Join(' ', row.Skip(1)))];
    }

    /// <summary>The roll-ups against what readers were answered: all of it, and beyond it no more than requests that were left without an answer.</summary>
    private async Task CheckReadersAsync()
    {
        var rows = await line.QueryAsync(
            $"""
            SELECT toString(kind), 0, sum(b.events), groupBitmapMerge(b.people) FROM events_by_job AS b
            WHERE account = 1 AND job = {round.Job} AND kind IN ('opened', 'clicked', 'unsubscribed') GROUP BY kind
            UNION ALL
            SELECT 'clicked', position, sum(b.clicks), groupBitmapMerge(b.people) FROM clicks_by_link AS b
            WHERE account = 1 AND job = {round.Job} GROUP BY position
            """);
        var counted = rows.ToDictionary(row => (row[0], Number(row[1])), row => (Total: Number(row[2]), People: Number(row[3])));
        var asked = round.Readers.Entries.GroupBy(entry => (entry.Request.Key.Kind, 0)).Concat(
            round.Readers.Entries.Where(entry => entry.Request.Key.Kind == "clicked").GroupBy(entry => (entry.Request.Key.Kind, entry.Request.Key.Position)));
        foreach (var group in asked)
        {
            counted.Remove(group.Key, out var found);
            var answered = group.Where(entry => entry.Result == ReadResult.Answered).ToList();
            violations.Check(
                answered.Count <= found.Total && found.Total <= group.Count(),
                $"{group.Key}: {found.Total} in the roll-up, {answered.Count} answered of {group.Count()} asked");
            violations.Check(
                People(answered) <= found.People && found.People <= People(group),
                $"{group.Key}: {found.People} people in the roll-up, {People(answered)} answered of {People(group)} who asked");
        }

        violations.Check(counted.Count == 0, $"the roll-ups have what nobody asked for: {string.Join(", ", counted)}");
    }

    /// <summary>The line of the job that analysts read: everybody who was accepted, and of the outcomes as many as the sink and the job API know.</summary>
    private async Task CheckSummaryAsync()
    {
        var row = (await line.QueryAsync(
            $"SELECT accepted, delivered, bounced, expired, dropped, pending FROM v_job_summary WHERE account = 1 AND job = {round.Job}"))[0].Select(Number).ToArray();
        var status = await line.StatusAsync(round.Job);
        int[] wanted = [round.Recipients, .. new[] { "delivered", "bounced", "expired", "dropped" }.Select(name => status.GetProperty(name).GetInt32()), 0];
        violations.Check(row.SequenceEqual(wanted), $"v_job_summary is {string.Join(", ", row)}; the ledgers say {string.Join(", ", wanted)}");
        var arrived = Enumerable.Range(0, round.Recipients).Count(ordinal => sink.Copies(ExampleJob.Address(round.Campaign, ordinal)).Count > 0);
        violations.Check(row[1] <= arrived, $"{row[1]} are delivered and {arrived} have mail in the sink");
    }

    private static int People(IEnumerable<ReadEntry> entries) => entries.Select(entry => entry.Request.Key.Recipient).Distinct().Count();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
