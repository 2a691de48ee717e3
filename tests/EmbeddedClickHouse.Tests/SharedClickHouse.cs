using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

public sealed class SharedClickHouse : IAsyncLifetime
{
    private int _tables;

    public ClickHouseProcess Server { get; private set; } = null!;

    public HttpClient Client => Server.Client;

    public async Task InitializeAsync() => Server = await ClickHouseProcess.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public string NewTable() => "t" + Interlocked.Increment(ref _tables);

    public Task<string> QueryAsync(string sql) => Server.QueryAsync(sql);

    /// <summary>Posts a body to <c>/?{query}</c>.</summary>
    public Task<HttpResponseMessage> PostAsync(string query, byte[] body) => Client.PostAsync("/?" + query, new ByteArrayContent(body));

    public Task<HttpResponseMessage> PostAsync(string query, string body) => PostAsync(query, Encoding.UTF8.GetBytes(body));

    /// <summary>Posts a statement as the reader.</summary>
    public async Task<(HttpStatusCode Status, string Text)> ReadAsync(string sql, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/?" + query) { Content = new StringContent(sql) };
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:" + ClickHouseProcess.ReaderPassword));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static string Escape(string text) => Uri.EscapeDataString(text);
}
