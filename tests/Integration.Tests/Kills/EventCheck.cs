using System.Globalization;

namespace Delivery.Integration.Tests.Kills;

/// <summary>What readers were answered against the raw table.</summary>
internal sealed class EventCheck(KillLine line, KillRound round, Timeline timeline, Violations violations)
{
    private const int Shown = 20;

    public async Task RunAsync()
    {
        await CheckReadsAsync();
        await CheckNumbersAsync();
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

    private void Report(List<string> found, string what)
    {
        if (found.Count > 0)
            violations.Add($"{found.Count} {what}:\n  {string.Join("\n  ", found.Take(Shown))}");
    }

    private static string Describe(ReadEntry entry) =>
        $"{entry.At:HH:mm:ss.fff} {entry.Request.Key.Kind} by recipient {entry.Request.Key.Recipient}, position {entry.Request.Key.Position}.{entry.Request.Key.LoopIndex}: {entry.Answer}";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
