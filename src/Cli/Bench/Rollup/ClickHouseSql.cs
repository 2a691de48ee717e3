using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Delivery.Cli.Bench.Rollup;

/// <summary>ClickHouse over HTTP: statements and rows.</summary>
internal sealed class ClickHouseSql(string url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Runs a statement and returns the first row's numbers.</summary>
    /// <exception cref="HttpRequestException">ClickHouse refused it.</exception>
    public async Task<long[]> AskAsync(string sql, CancellationToken stop)
    {
        using var content = new StringContent(sql, Encoding.UTF8);
        var answer = await SendAsync("/?wait_end_of_query=1", content, stop);
        var row = answer.Split('\n')[0];
        return row.Length == 0 ? [] : Array.ConvertAll(row.Split('\t'), text => long.Parse(text, CultureInfo.InvariantCulture));
    }

    /// <summary>Inserts rows of RowBinary; they are in the table and behind its views on return.</summary>
    public async Task InsertAsync(string table, string columns, byte[] rows, CancellationToken stop)
    {
        using var content = new ByteArrayContent(rows);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var query = Uri.EscapeDataString($"INSERT INTO {table} ({columns}) FORMAT RowBinary");
        await SendAsync($"/?wait_end_of_query=1&insert_deduplicate=0&query={query}", content, stop);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(string path, HttpContent content, CancellationToken stop)
    {
        using var response = await _http.PostAsync(new Uri(url + path), content, stop);
        var answer = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode ? answer : throw new HttpRequestException($"ClickHouse answers {(int)response.StatusCode}: {answer.Trim()}");
    }
}
