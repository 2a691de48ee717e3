using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>Holds every view and every report to what the oracle expects, row by row.</summary>
internal sealed class OracleComparison(OracleLine line, OracleWorld world, string expected)
{
    private const int Shown = 10;
    private readonly List<string> _differences = [];

    /// <summary>Rows that were compared.</summary>
    public long Rows { get; private set; }

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public string Differences => string.Join('\n', _differences.Take(Shown)) + (_differences.Count > Shown ? $"\n… {_differences.Count} in all" : "");

    public async Task RunAsync()
    {
        Compare("all jobs", Lines("jobs.tsv"), await line.QueryAsync(OracleFigures.Jobs));
        foreach (var job in world.Jobs.Append(world.Silent))
        {
            var where = $"account = {job.Account} AND job = {job.Id}";
            foreach (var (name, sql) in OracleFigures.Of(where))
                Compare($"{name} of {job.Name} ({sql.Split('\n')[0]})", Lines($"{job.Name}/{name}.tsv"), await line.QueryAsync(sql));
            await CompareReportAsync(job);
        }

        foreach (var account in OracleWorld.Accounts)
        {
            foreach (var key in OracleWorld.People)
                Compare($"timeline of {key} of account {account}", Lines($"timeline-{account}-{key}.tsv"), await line.QueryAsync(OracleFigures.Timeline(account, $"{key}")));
        }
    }

    private async Task CompareReportAsync(OracleJob job)
    {
        var json = await line.ReportAsync(job.Index % 2, job.Account, $"/v1/jobs/{job.Id}/report");
        using var report = JsonDocument.Parse(json);
        var flat = new StringBuilder();
        Flatten(report.RootElement, "", flat);
        Compare($"report of {job.Name}", Lines($"{job.Name}/report.tsv"), flat.ToString());
        var csv = await line.ReportAsync(1 - (job.Index % 2), job.Account, $"/v1/jobs/{job.Id}/report/clicks.csv");
        var wanted = await File.ReadAllBytesAsync(Path.Combine(expected, job.Name, "clicks.csv"));
        Rows++;
        if (!csv.AsSpan().SequenceEqual(wanted))
            _differences.Add($"CSV of {job.Name}:\n{Encoding.UTF8.GetString(csv)}\nexpected:\n{Encoding.UTF8.GetString(wanted)}");
    }

    private string[] Lines(string file) => Split(File.ReadAllText(Path.Combine(expected, file)));

    private void Compare(string what, string[] wanted, string answer)
    {
        var found = Split(answer);
        Array.Sort(found, StringComparer.Ordinal);
        Array.Sort(wanted, StringComparer.Ordinal);
        Rows += wanted.Length;
        if (found.AsSpan().SequenceEqual(wanted))
            return;
        var left = new HashSet<string>(wanted);
        left.ExceptWith(found);
        var more = new HashSet<string>(found);
        more.ExceptWith(wanted);
        _differences.Add($"{what}: {wanted.Length} rows expected, {found.Length} found\n  expected {string.Join("\n           ", left.Order().Take(Shown))}\n  found    {string.Join("\n           ", more.Order().Take(Shown))}");
    }

    private static string[] Split(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Path and value of everything that is in a report, but for the time of its making.</summary>
    private static void Flatten(JsonElement value, string path, StringBuilder flat)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Flatten(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", flat);
                break;
            case JsonValueKind.Array:
                var n = 0;
                foreach (var item in value.EnumerateArray())
                    Flatten(item, string.Create(CultureInfo.InvariantCulture, $"{path}.{n++}"), flat);
                break;
            case var _ when path == "fresh_as_of":
                Assert.NotEqual(default, value.GetDateTimeOffset());
                break;
            default:
                flat.Append(path).Append('\t').Append(Text(value, path)).Append('\n');
                break;
        }
    }

    private static string Text(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String when path == "created" => value.GetDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        JsonValueKind.String => Convert.ToHexString(Encoding.UTF8.GetBytes(value.GetString()!)),
        _ when path.StartsWith("rates.", StringComparison.Ordinal) || path.EndsWith(".share", StringComparison.Ordinal) =>
            BitConverter.DoubleToUInt64Bits(value.GetDouble()).ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}
