using System.Net.Http.Headers;
using System.Text.Json;

namespace Delivery.Cli.Api;

/// <summary>The public API as an upstream app calls it.</summary>
internal sealed class JobApi : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="timeout">Of one call; two minutes unless given.</param>
    public JobApi(string url, string apiKey, TimeSpan? timeout = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url), Timeout = timeout ?? TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <returns>The job's id and how many recipients were accepted.</returns>
    /// <exception cref="LaunchException">The job was not accepted.</exception>
    public async Task<(string Job, int Accepted)> SubmitAsync(byte[] body, string idempotencyKey, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await _http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new LaunchException($"the job was not accepted ({(int)response.StatusCode}): {answer}", ExitCodes.Failure);
        using var json = JsonDocument.Parse(answer);
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("accepted").GetInt32());
    }

    /// <summary>One POST, as long as it takes.</summary>
    /// <exception cref="LaunchException">The answer is no success.</exception>
    public async Task<JsonDocument?> PostAsync(string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new LaunchException($"POST {path} was not accepted ({(int)response.StatusCode}): {answer}", ExitCodes.Failure);
        return answer.Length == 0 ? null : JsonDocument.Parse(answer);
    }

    /// <summary>One request whose answer is read as it comes; the caller disposes of it.</summary>
    /// <exception cref="LaunchException">The answer is no success; the message is its <c>detail</c>, with the fields that it names.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        response.Dispose();
        throw new LaunchException($"{method} {path} was refused ({(int)response.StatusCode}): {ProblemText.Of(answer)}", ExitCodes.Failure);
    }

    /// <summary>The body of a GET, or null where it is not 200.</summary>
    public async Task<JsonDocument?> GetAsync(string path, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        if (!response.IsSuccessStatusCode)
            return null;
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
    }

    public void Dispose() => _http.Dispose();
}
