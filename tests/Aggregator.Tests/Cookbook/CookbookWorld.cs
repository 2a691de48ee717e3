using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Rollups;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>The events of <c>world.txt</c> in a database of their own, and the readers that the cookbook speaks of.</summary>
public sealed class CookbookWorld : IAsyncLifetime
{
    public const string Password = "password-of-tests";
    private const string Database = "delivery";
    private readonly Dictionary<string, string> _accounts = [];
    private readonly Dictionary<string, string> _made = [];
    private readonly Dictionary<string, List<string>> _rows = [];

    public ClickHouseProcess Server { get; private set; } = null!;

    internal ClickHouseClient ClickHouse { get; private set; } = null!;

    /// <summary>The recipient key of somebody of the world, in hex.</summary>
    public static string Key(string account, string name) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{account}/{name}")));

    public async Task InitializeAsync()
    {
        Server = await ClickHouseProcess.StartAsync(
            null, "--EmbeddedClickHouse:Readers:0:Name=analyst", $"--EmbeddedClickHouse:Readers:0:Password={Password}",
            "--EmbeddedClickHouse:Readers:1:Name=customer-7", $"--EmbeddedClickHouse:Readers:1:Password={Password}", "--EmbeddedClickHouse:Readers:1:Account=7",
            "--EmbeddedClickHouse:Readers:2:Name=customer-8", $"--EmbeddedClickHouse:Readers:2:Password={Password}", "--EmbeddedClickHouse:Readers:2:Account=8");
        ClickHouse = new ClickHouseClient(new HttpClient(), new ClickHouseOptions { Url = Server.Url.GetLeftPart(UriPartial.Authority), Database = Database });
        await new SchemaUpdate(ClickHouse).ApplyAsync(SchemaFile.BuiltIn, default);
        var number = 0;
        var revised = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(RepositoryRoot.Path, "tests/Aggregator.Tests/Cookbook/world.txt")))
        {
            var (fields, rest) = line.Split(" | ") is [var first, var text] ? (first.Split(' '), text) : (line.Split(' '), "");
            switch (fields[0])
            {
                case "" or "#":
                    break;
                case "job":
                    _accounts[fields[1]] = fields[2];
                    _made[fields[1]] = $"{fields[3]} {fields[4]}";
                    Add("jobs (job, account, created, campaign_id, from_email, subject)", fields[1], fields[2], _made[fields[1]], fields[5], fields[6], rest);
                    break;
                case "link":
                    Add("links (account, job, position, link, part, url, text)", [_accounts[fields[1]], .. fields[1..], rest]);
                    break;
                case "to":
                    AddRecipient(fields, ++number);
                    break;
                default:
                    AddEvent(fields, ++number, revised);
                    break;
            }
        }

        await InsertAsync();
        await ReviseAsync(revised);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private void AddRecipient(string[] fields, int number)
    {
        var (job, name) = (fields[1], fields[3]);
        var values = fields[2..].Select(field => field == "-" ? "" : field).ToArray();
        Add(
            "recipients (account, job, recipient, recipient_key, upstream_id, domain, variant, metadata)",
            [_accounts[job], job, values[0], name == "-" ? new string('\0', 16) : "unhex:" + Key(_accounts[job], name), .. values[2..]]);
        Add("events (shard, producer, number, time, account, job, recipient, kind)", "0", "1", Text(number), _made[job], _accounts[job], job, fields[2], "accepted");
    }

    private void AddEvent(string[] fields, int number, List<string> revised)
    {
        var (job, columns) = (fields[2], new StringBuilder("events (shard, producer, number, time, account, job, recipient, kind"));
        var values = new List<string> { "0", "1", Text(number), $"{fields[0]} {fields[1]}", _accounts[job], job, fields[3], fields[4] };
        if (fields[4] == "delivered" && !fields.Any(field => field.StartsWith("attempt=", StringComparison.Ordinal)))
            fields = [.. fields, "attempt=1"];
        foreach (var field in fields[5..])
        {
            var (name, value) = (field[..field.IndexOf('=')], field[(field.IndexOf('=') + 1)..]);
            if (name == "now")
            {
                revised.Add($"{number} {value.Replace('/', ' ')}");
                continue;
            }

            columns.Append(", ").Append(name switch { "rule" => "class_reason", "agent" => "user_agent", "bounce" => "bounce_class", "loop" => "loop_index", _ => name });
            values.Add(name == "reply" ? value.Replace('_', ' ') : name == "ip" ? "::ffff:" + value : value);
        }

        Add(columns.Append(')').ToString(), [.. values]);
    }

    /// <summary>Writes the classes of hindsight and counts again, as the aggregator does.</summary>
    private async Task ReviseAsync(List<string> revised)
    {
        var fence = await ShardFence.TakeAsync(ClickHouse, 0, "test", TimeProvider.System, default);
        foreach (var revision in revised.Select(line => line.Split(' ')))
        {
            await ClickHouse.InsertSelectAsync(
                "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
                + $"SELECT producer, shard, number, account, job, kind, recipient, time, '{revision[1]}', '{revision[2]}', {fence.NextGeneration()} FROM events WHERE number = {revision[0]} AND {fence.Condition}",
                fence.Mark("classes"), default);
        }

        await new RollupRebuild(ClickHouse, TimeProvider.System).RebuildAsync([101, 102], fence, default);
    }

    private void Add(string into, params string[] values)
    {
        if (!_rows.TryGetValue(into, out var rows))
            _rows.Add(into, rows = []);
        rows.Add($"({string.Join(", ", values.Select(Literal))})");
    }

    private async Task InsertAsync()
    {
        foreach (var (into, rows) in _rows)
        {
            // Recipients twice, as after a crash of the aggregator: nothing may be counted twice for it.
            for (var times = into.StartsWith("recipients", StringComparison.Ordinal) ? 2 : 1; times > 0; times--)
                await ClickHouse.ExecuteAsync($"INSERT INTO {into} SETTINGS insert_deduplicate = 0 VALUES {string.Join(", ", rows)}", default);
        }
    }

    private static string Literal(string value) => value.StartsWith("unhex:", StringComparison.Ordinal)
        ? $"unhex('{value[6..]}')"
        : "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal) + "'";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
