using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Demo.Results;

/// <summary>Asks ClickHouse for a job's figures over its HTTP interface, counted again from the raw events.</summary>
internal sealed class Analyst(string clickHouseUrl) : IDisposable
{
    private const string Totals = """
        SELECT uniqExactIf(recipient, kind = 'delivered') AS delivered,
            countIf(kind = 'opened' AND class = 'human') AS opens, uniqExactIf(recipient, kind = 'opened' AND class = 'human') AS unique_opens,
            countIf(kind = 'clicked' AND class = 'human') AS clicks, uniqExactIf(recipient, kind = 'clicked' AND class = 'human') AS unique_clicks,
            countIf(kind = 'unsubscribed') AS unsubscribes, uniqExactIf(recipient, kind = 'accepted') AS recipients
        FROM delivery.events WHERE job = {job:UInt64} FORMAT JSONCompactEachRow
        """;

    private const string Links = """
        SELECT l.position, any(l.url), countIf(e.class = 'human' AND e.position > 0), uniqExactIf(e.recipient, e.class = 'human' AND e.position > 0)
        FROM (SELECT position, url FROM delivery.links FINAL WHERE job = {job:UInt64} AND part = 'html') AS l
        LEFT JOIN (SELECT position, recipient, class FROM delivery.events WHERE job = {job:UInt64} AND kind = 'clicked') AS e ON e.position = l.position
        GROUP BY l.position ORDER BY l.position FORMAT JSONCompactEachRow
        """;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public async Task<JobFigures> AskAsync(string job, CancellationToken cancellation)
    {
        var totals = (await QueryAsync(Totals, job, cancellation))[0];
        var links = await QueryAsync(Links, job, cancellation);
        return new JobFigures
        {
            Job = job,
            Recipients = Number(totals[6]),
            Delivered = Number(totals[0]),
            Opens = new TotalAndUnique(Number(totals[1]), Number(totals[2])),
            Clicks = new TotalAndUnique(Number(totals[3]), Number(totals[4])),
            Unsubscribes = Number(totals[5]),
            Links = [.. links.Select(row => new LinkFigures((int)Number(row[0]), WebUtility.HtmlDecode(row[1].GetString()!), Number(row[2]), Number(row[3])))],
        };
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<JsonElement>> QueryAsync(string sql, string job, CancellationToken cancellation)
    {
        using var content = new StringContent(sql, Encoding.UTF8);
        using var response = await _http.PostAsync(new Uri($"{clickHouseUrl}/?param_job={job}"), content, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"ClickHouse answers {(int)response.StatusCode}: {answer}");
        var rows = new List<JsonElement>();
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var row = JsonDocument.Parse(line);
            rows.Add(row.RootElement.Clone());
        }

        return rows;
    }

    /// <summary>ClickHouse may put 64-bit numbers in quotes.</summary>
    private static long Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
}
