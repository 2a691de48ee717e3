using System.Globalization;

namespace Delivery.Integration.Tests.Kills;

/// <summary>What readers were answered against the raw table, and the raw table against everything that is counted from it.</summary>
internal sealed class EventCheck(KillLine line, KillRound round, Timeline timeline, Violations violations)
{
    private const int Shown = 20;

    public async Task RunAsync()
    {
        await CheckReadsAsync();
        await CheckNumbersAsync();
        await CheckRollupAsync("events_by_job", "kind, class, bounce_class, reason", "events", "if(kind = 'dropped', reason, '')", "1");
        await CheckRollupAsync("clicks_by_link", "position, link, class", "clicks", null, "kind = 'clicked'");
        var dead = await line.StreamLengthAsync("dead");
        violations.Check(dead == 0, $"{dead} records became dead letters");
    }

    /// <summary>I3: each answered request is one event, each unanswered one at most one, and there are no others.</summary>
    private async Task CheckReadsAsync()
    {
        var rows = await line.QueryAsync(
            $"""
            SELECT kind, recipient, position, loop_index, count() FROM events
            WHERE account = 1 AND job = {round.Job} AND kind IN ('opened', 'clicked', 'unsubscribed')
            GROUP BY kind, recipient, position, loop_index
            """);
        var counted = rows.ToDictionary(row => new ReadKey(row[0], Number(row[1]), Number(row[2]), Number(row[3])), row => Number(row[4]));
        var entries = round.Readers.Entries;
        var (lost, doubled) = (new List<string>(), new List<string>());
        foreach (var entry in entries)
        {
            counted.Remove(entry.Request.Key, out var count);
            if (count > 1)
                doubled.Add($"{count} times: {Describe(entry)}");
            else if (count == 0 && entry.Result == ReadResult.Answered)
                lost.Add(Describe(entry));
        }

        var answered = entries.Count(entry => entry.Result == ReadResult.Answered);
        timeline.Add($"{answered} requests answered, {entries.Count(entry => entry.Result == ReadResult.Maybe)} not, {entries.Count(entry => entry.Result == ReadResult.Refused)} refused; "
            + $"{lost.Count} lost, {doubled.Count} doubled");
        Report(lost, "answered requests that are not in the table");
        Report(doubled, "requests that are in the table too often");
        Report([.. counted.Select(one => $"{one.Value} times {one.Key}")], "events that nobody asked for");
    }

    private async Task CheckNumbersAsync()
    {
        var row = (await line.QueryAsync("SELECT count(), uniqExact(producer, shard, number) FROM events"))[0];
        violations.Check(row[0] == row[1], $"{row[0]} events have {row[1]} different numbers");
    }

    /// <summary>Every row of a roll-up, counted again: its total and who they are.</summary>
    /// <param name="reason">What the roll-up has as its reason; null where it has none.</param>
    private async Task CheckRollupAsync(string table, string keys, string total, string? reason, string where)
    {
        var raw = reason is null ? keys : keys.Replace("reason", reason + " AS reason_", StringComparison.Ordinal);
        var rawKeys = reason is null ? keys : keys.Replace("reason", "reason_", StringComparison.Ordinal);
        var rows = await line.QueryAsync(
            $"""
            SELECT side, {keys}, bucket, n, length(people) FROM
            (
                SELECT 'roll-up' AS side, {keys}, bucket, toUInt64(sum(t.{total})) AS n, arraySort(bitmapToArray(groupBitmapMergeState(t.people))) AS people
                FROM {table} AS t WHERE account = 1 AND job = {round.Job} GROUP BY {keys}, bucket
                UNION ALL
                SELECT 'raw' AS side, {raw}, toStartOfFifteenMinutes(time) AS bucket, count() AS n, arraySort(groupUniqArray(recipient)) AS people
                FROM events WHERE account = 1 AND job = {round.Job} AND {where} GROUP BY {rawKeys}, bucket
            )
            ORDER BY {keys}, bucket, side
            """);
        var raws = Side("raw");
        var rollups = Side("roll-up");
        if (!raws.SequenceEqual(rollups))
            violations.Add($"{table} is not what the events say:\n  raw     {string.Join("\n          ", raws.Except(rollups))}\n  roll-up {string.Join("\n          ", rollups.Except(raws))}");

        List<string> Side(string name) => [.. rows.Where(row => row[0] == name).Select(row => string.Join(' ', row.Skip(1)))];
    }

    private void Report(List<string> found, string what)
    {
        if (found.Count > 0)
            violations.Add($"{found.Count} {what}:\n  {string.Join("\n  ", found.Take(Shown))}");
    }

    private static string Describe(ReadEntry entry) =>
        $"{entry.At:HH:mm:ss.fff} {entry.Request.Key.Kind} by recipient {entry.Request.Key.Recipient}, position {entry.Request.Key.Position}.{entry.Request.Key.LoopIndex}: {entry.Answer}";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
