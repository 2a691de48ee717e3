using System.Globalization;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Cli.Backup;

/// <summary>Suppressions as lines of JSON, one a person and reason: <c>{"account", "key", "reason", "list", "time_ms"}</c>.</summary>
internal static class SuppressionDump
{
    private const int PageKeys = 1_000;
    private const int InFlight = 256;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Writes all that Redis holds from before the call to its end, and of what comes meanwhile some. A line may come twice. Returns the lines.
    /// </summary>
    public static async Task<long> WriteAsync(IDatabaseAsync redis, SuppressionKeys keys, Stream output)
    {
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        var lines = 0L;
        await foreach (var (account, key, value) in ReadAsync(redis, keys))
            lines += await WriteAsync(json, output, account, key, value);
        return lines;
    }

    /// <summary>Keys of those who were erased, of all accounts.</summary>
    public static async Task<List<RecipientKey>> ErasedAsync(IDatabaseAsync redis, SuppressionKeys keys)
    {
        var erased = new List<RecipientKey>();
        var word = SuppressionReasons.Word(SuppressionReason.Erased) + "|";
        await foreach (var (_, text, value) in ReadAsync(redis, keys))
        {
            if (value.Split(';').Any(one => one.StartsWith(word, StringComparison.Ordinal)) && RecipientKey.TryParse(text, out var key))
                erased.Add(key);
        }

        return erased;
    }

    /// <summary>Adds every line again; one that is there already changes nothing. Returns the lines.</summary>
    /// <exception cref="LaunchException">A line is not of the form.</exception>
    public static async Task<long> LoadAsync(IDatabaseAsync redis, SuppressionKeys keys, StreamReader input)
    {
        var lines = 0L;
        var running = new List<Task>(InFlight);
        while (await input.ReadLineAsync() is { } line)
        {
            lines++;
            running.Add(Add(redis, keys, line, lines));
            if (running.Count < InFlight)
                continue;
            await Task.WhenAll(running);
            running.Clear();
        }

        await Task.WhenAll(running);
        return lines;
    }

    /// <summary>All people of all accounts, with their values as Redis holds them; one may come twice.</summary>
    private static async IAsyncEnumerable<(uint Account, string Key, string Value)> ReadAsync(IDatabaseAsync redis, SuppressionKeys keys)
    {
        foreach (var member in await redis.SetMembersAsync(keys.Accounts).WaitAsync(Deadline))
        {
            if (!uint.TryParse((string?)member, NumberStyles.None, CultureInfo.InvariantCulture, out var account))
                continue;
            var cursor = "0";
            do
            {
                var page = (RedisResult[])(await redis.ExecuteAsync("HSCAN", keys.Of(account), cursor, "COUNT", PageKeys).WaitAsync(Deadline))!;
                cursor = (string)page[0]!;
                var fields = (string[])page[1]!;
                for (var i = 0; i + 1 < fields.Length; i += 2)
                    yield return (account, fields[i], fields[i + 1]);
            }
            while (cursor != "0");
        }
    }

    private static Task<bool> Add(IDatabaseAsync redis, SuppressionKeys keys, string line, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (!RecipientKey.TryParse(root.GetProperty("key").GetString(), out var key))
                throw new FormatException();
            return SuppressionScript.AddAsync(
                redis, keys, root.GetProperty("account").GetUInt32(), key, Reason(root.GetProperty("reason").GetString()!),
                root.GetProperty("list").GetUInt32(), root.GetProperty("time_ms").GetInt64(), Deadline);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LaunchException($"line {number} of the backup's {BackupPart.Suppressions} is no suppression");
        }
    }

    /// <summary>The value in Redis is <c>reason|unix ms|list</c>, several with <c>;</c> between.</summary>
    private static async Task<int> WriteAsync(Utf8JsonWriter json, Stream output, uint account, string key, string value)
    {
        var lines = 0;
        foreach (var one in value.Split(';'))
        {
            if (one.Split('|') is not [var reason, var time, var list]
                || !long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timeMs)
                || !uint.TryParse(list, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                continue;
            json.WriteStartObject();
            json.WriteNumber("account", account);
            json.WriteString("key", key);
            json.WriteString("reason", reason);
            json.WriteNumber("list", number);
            json.WriteNumber("time_ms", timeMs);
            json.WriteEndObject();
            await json.FlushAsync();
            json.Reset();
            output.WriteByte((byte)'\n');
            lines++;
        }

        return lines;
    }

    /// <summary>A reason that a later version knows is kept as one that nobody takes back by accident.</summary>
    private static SuppressionReason Reason(string word) =>
        Enum.TryParse<SuppressionReason>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var reason) && Enum.IsDefined(reason)
            ? reason
            : SuppressionReason.Manual;
}
