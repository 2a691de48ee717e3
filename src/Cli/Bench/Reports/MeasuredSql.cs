using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Bench.Reports;

/// <summary>ClickHouse over HTTP, as an analyst asks it.</summary>
internal sealed class MeasuredSql(string url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(30) };

    /// <summary>Runs a statement for its effect. Rows that look like earlier ones are new ones.</summary>
    /// <exception cref="HttpRequestException">ClickHouse refused it.</exception>
    public Task RunAsync(string sql, CancellationToken stop) => SendAsync(sql, "&insert_deduplicate=0&max_partitions_per_insert_block=0&mutations_sync=2", stop);

    /// <summary>TSV with the rows that were read for it.</summary>
    /// <exception cref="HttpRequestException">ClickHouse refused it.</exception>
    public Task<SqlAnswer> AskAsync(string sql, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken stop) =>
        SendAsync(sql, string.Concat(parameters.Select(pair => $"&param_{pair.Key}={Uri.EscapeDataString(pair.Value)}")), stop);

    /// <inheritdoc cref="AskAsync(string, IEnumerable{KeyValuePair{string, string}}, CancellationToken)"/>
    public Task<SqlAnswer> AskAsync(string sql, CancellationToken stop) => SendAsync(sql, "", stop);

    public void Dispose() => _http.Dispose();

    private async Task<SqlAnswer> SendAsync(string sql, string query, CancellationToken stop)
    {
        using var content = new StringContent(sql, Encoding.UTF8);
        using var response = await _http.PostAsync(new Uri($"{url}/?database=delivery&wait_end_of_query=1{query}"), content, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"ClickHouse answers {(int)response.StatusCode}: {text.Trim()}");
        using var summary = JsonDocument.Parse(response.Headers.TryGetValues("X-ClickHouse-Summary", out var values) ? values.First() : "{}");
        return new SqlAnswer(text, summary.RootElement.TryGetProperty("read_rows", out var rows) ? long.Parse(rows.GetString()!, CultureInfo.InvariantCulture) : 0);
    }
}
