using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Delivery.Cli.Api;

namespace Delivery.Cli.Erase;

/// <summary>
/// Goes through the programs in the order in which data does: Mtas and trackers let go of what they have, which is in Redis then; the aggregator reads that and
/// erases it in ClickHouse. Every call may be repeated.
/// </summary>
internal sealed class Erasing(ErasePlaces places, TimeProvider time)
{
    private const string Path = "/v1/erasures";

    /// <exception cref="LaunchException">One of the programs refused: nothing, or not all, is erased; the same again goes on.</exception>
    public async Task<Receipt> RunAsync(ErasedPerson person, bool dryRun, CancellationToken cancellation)
    {
        var began = time.GetUtcNow();
        var (account, keys) = await FindAsync(person, cancellation);
        if (dryRun)
        {
            var seen = new List<JsonNode>();
            foreach (var mta in places.Mtas)
                seen.Add(await AskAsync(mta, MtaBody(person, keys, dryRun: true), cancellation));
            var there = await AskAsync(places.Reports, ReportsBody(person, account, keys, dryRun: true), cancellation);
            return new Receipt(began, time.GetUtcNow(), person.By, account, keys, DryRun: true, seen, [], there);
        }

        var mtas = places.Mtas.Select(mta => AskAsync(mta, MtaBody(person, keys, dryRun: false), cancellation)).ToList();
        var trackers = places.Trackers.Select(tracker => AskTrackerAsync(tracker, cancellation)).ToList();
        var ofMtas = await Task.WhenAll(mtas);
        var ofTrackers = await Task.WhenAll(trackers);
        var ofReports = await AskAsync(places.Reports, ReportsBody(person, account, keys, dryRun: false), cancellation);
        return new Receipt(began, time.GetUtcNow(), person.By, account, keys, DryRun: false, ofMtas, ofTrackers, ofReports);
    }

    /// <summary>Keys that any program knows the person by.</summary>
    private async Task<(uint Account, SortedSet<string> Keys)> FindAsync(ErasedPerson person, CancellationToken cancellation)
    {
        var keys = new SortedSet<string>(person.Keys, StringComparer.Ordinal);
        var account = person.Account ?? 0;
        foreach (var mta in places.Mtas)
        {
            var found = await AskAsync(mta, MtaBody(person, keys, dryRun: true), cancellation);
            account = (uint)found["account"]!;
            keys.UnionWith(found["keys"]!.AsArray().Select(key => (string)key!));
        }

        if (person.UpstreamId is not null)
        {
            var found = await AskAsync(places.Reports, ReportsBody(person, account, keys, dryRun: true), cancellation);
            keys.UnionWith(found["keys"]!.AsArray().Select(key => (string)key!));
        }

        return (account, keys);
    }

    private static JsonObject MtaBody(ErasedPerson person, SortedSet<string> keys, bool dryRun)
    {
        var body = new JsonObject { ["keys"] = List(keys), ["dry_run"] = dryRun };
        if (person.Account is { } account)
            body["account"] = account;
        if (person.Address is { } address)
            body["email"] = address;
        if (person.UpstreamId is { } id)
            body["upstream_id"] = id;
        return body;
    }

    private static JsonObject ReportsBody(ErasedPerson person, uint account, SortedSet<string> keys, bool dryRun)
    {
        var body = new JsonObject { ["account"] = account, ["keys"] = List(keys), ["dry_run"] = dryRun };
        if (person.Address is { Length: > 3 } address)
            body["texts"] = new JsonArray(address.Trim());
        if (person.UpstreamId is { } id)
            body["upstream_id"] = id;
        return body;
    }

    private static JsonArray List(SortedSet<string> keys) => [.. keys.Select(key => (JsonNode?)JsonValue.Create(key))];

    private static async Task<JsonNode> AskAsync(JobApi api, JsonObject body, CancellationToken cancellation)
    {
        using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await api.SendAsync(HttpMethod.Post, Path, content, cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
    }

    /// <summary>A tracker that is not done says so with 503; that is no reason to leave the rest undone.</summary>
    private static async Task<JsonNode> AskTrackerAsync(JobApi tracker, CancellationToken cancellation)
    {
        try
        {
            using var response = await tracker.SendAsync(HttpMethod.Post, "/erasures", null, cancellation);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
        }
        catch (Exception e) when (e is LaunchException or HttpRequestException)
        {
            return new JsonObject { ["complete"] = false, ["pending"] = e.Message };
        }
    }
}
