using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Delivery.Cli.Streams;

/// <summary>The streams as the operator sees them.</summary>
internal static class StreamsView
{
    private const double Mega = 1024 * 1024;

    public static void Write(IAnsiConsole console, JsonElement status)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("shard", "entries waiting", "oldest", "last commit", "dead letters", "lost", "replays waiting");
        for (var i = 1; i < table.Columns.Count; i++)
            table.Columns[i].RightAligned();
        foreach (var shard in status.GetProperty("shards").EnumerateArray())
        {
            table.AddRow(
                Number(shard, "shard"), Number(shard, "entries"), Time(shard.GetProperty("oldest_seconds")), Ago(shard.GetProperty("committed_seconds")),
                Number(shard, "dead_letters"), Number(shard, "dead_letters_lost"), Number(shard, "replays"));
        }

        console.Write(table);
        console.WriteLine(RedisLine(status.GetProperty("redis")));
        foreach (var alarm in status.GetProperty("alarms").EnumerateArray())
            console.WriteLine("! " + alarm.GetString());
    }

    /// <summary>Memory, growth and how long it lasts, in one line.</summary>
    public static string RedisLine(JsonElement redis)
    {
        var used = redis.GetProperty("used_bytes").GetDouble() / Mega;
        if (redis.GetProperty("max_bytes").GetDouble() is var max && max == 0)
            return string.Create(CultureInfo.InvariantCulture, $"Redis uses {used:0.0} MB; it has no bound.");
        var growth = redis.GetProperty("growth_bytes_per_second").ValueKind == JsonValueKind.Null ? 0 : redis.GetProperty("growth_bytes_per_second").GetDouble();
        var left = redis.GetProperty("seconds_to_bound");
        var full = left.ValueKind == JsonValueKind.Null ? "not growing" : $"full in {Time(left)} at {(growth / 1024).ToString("0.0", CultureInfo.InvariantCulture)} KB/s";
        return string.Create(
            CultureInfo.InvariantCulture, $"Redis uses {used:0.0} of {max / Mega:0.0} MB ({redis.GetProperty("used_percent").GetDouble():0.0} %), {full}.");
    }

    private static string Number(JsonElement shard, string name) => shard.GetProperty(name).GetInt64().ToString(CultureInfo.InvariantCulture);

    private static string Ago(JsonElement seconds) => seconds.ValueKind == JsonValueKind.Null ? "never" : Time(seconds) + " ago";

    private static string Time(JsonElement seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds.GetDouble(), TimeSpan.MaxValue.TotalSeconds / 2));
        return time.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
            : time.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
            : time.TotalDays < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.0} d");
    }
}
