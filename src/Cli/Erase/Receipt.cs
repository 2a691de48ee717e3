using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Delivery.Cli.Erase;

/// <summary>What was asked, what was done where, and what is left and why. Names the person by key alone.</summary>
internal sealed record Receipt(
    DateTimeOffset Began, DateTimeOffset Ended, string By, uint Account, IReadOnlyCollection<string> Keys, bool DryRun, IReadOnlyList<JsonNode> Mtas,
    IReadOnlyList<JsonNode> Trackers, JsonNode Reports)
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly (string What, string Why)[] Left =
    [
        ("the recipient key among the suppressions (Redis, the Mtas' copies), with the reason erased", "so that the person is not written to again, and so that restore erases again; a keyed hash, which tells nothing without the address and the key ring"),
        ("every total and every count of people, and rows of events without address, id, IP, user agent, reply, peer and URL", "figures stay; a row names a place in a job's list, which belongs to nobody any more"),
        ("the variant of an A/B test", "figures by variant"),
        ("backups made before", "they are files that cannot be changed: restore erases again whom Redis or the backup knows as erased; erase --again RECEIPT does where neither does"),
        ("what other systems have", "the upstream app, the relay's logs and queue, mailboxes, ClickHouse's and Redis' own replicas, snapshots and logs where they are the operator's own"),
    ];

    /// <summary>Every program said that nothing is left with it.</summary>
    public bool Complete => !DryRun && Mtas.Concat(Trackers).Append(Reports).All(one => (bool)one["complete"]!);

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["version"] = Version,
            ["asked"] = new JsonObject { ["account"] = Account, ["by"] = By, ["keys"] = new JsonArray([.. Keys.Select(key => (JsonNode?)JsonValue.Create(key))]) },
            ["began"] = Time(Began),
            ["ended"] = Time(Ended),
            ["dry_run"] = DryRun,
            ["complete"] = Complete,
            ["mta"] = List(Mtas),
            ["tracker"] = List(Trackers),
            ["clickhouse_and_redis"] = Reports.DeepClone(),
        };
        if (!DryRun)
            json["remains"] = new JsonArray([.. Left.Select(one => (JsonNode?)new JsonObject { ["what"] = one.What, ["why"] = one.Why })]);
        return json.ToJsonString(Indented);
    }

    private static JsonArray List(IEnumerable<JsonNode> nodes) => [.. nodes.Select(node => node.DeepClone())];

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
