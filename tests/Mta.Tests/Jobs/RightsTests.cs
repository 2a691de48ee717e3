using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Delivery.Mta.Tests.Jobs;

/// <summary>Every endpoint asks for its right.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private const string Submitter = "submit-key-0123456789abcdef";
    private const string Reader = "reader-key-0123456789abcdef";
    private MtaFixture _mta = null!;

    public async Task InitializeAsync() => _mta = await MtaFixture.StartAsync(
        ("Access__ApiKeys__2__Account", "1"), ("Access__ApiKeys__2__Key", Submitter), ("Access__ApiKeys__2__Rights", "submit"),
        ("Access__ApiKeys__3__Account", "1"), ("Access__ApiKeys__3__Key", Reader), ("Access__ApiKeys__3__Rights", "read"));

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    private static readonly (string Method, string Path, string Right)[] Endpoints =
    [
        ("POST", "/v1/jobs", "submit"),
        ("POST", "/v1/jobs/1/recipients", "submit"),
        ("POST", "/v1/jobs/1/start", "submit"),
        ("POST", "/v1/jobs/1/test", "submit"),
        ("POST", "/v1/jobs/1/pause", "submit"),
        ("POST", "/v1/jobs/1/resume", "submit"),
        ("POST", "/v1/jobs/1/cancel", "submit"),
        ("GET", "/v1/jobs/1", "read"),
        ("GET", "/v1/jobs/1/recipients", "read"),
        ("GET", "/v1/jobs/1/rejections", "read"),
        ("POST", "/v1/jobs/1/check", "read"),
        ("POST", "/v1/preview", "read"),
    ];

    [Fact]
    public async Task A_key_without_the_right_is_told_which_one_it_lacks()
    {
        foreach (var (method, path, right) in Endpoints)
        {
            using var refused = await SendAsync(method, path, right == "submit" ? Reader : Submitter);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();

            Assert.Equal((path, HttpStatusCode.Forbidden), (path, refused.StatusCode));
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
            Assert.Equal(right, problem.GetProperty("missing_right").GetString());
            using var let = await SendAsync(method, path, right == "submit" ? Submitter : Reader);
            Assert.NotEqual((path, HttpStatusCode.Forbidden), (path, let.StatusCode));
            Assert.NotEqual((path, HttpStatusCode.Unauthorized), (path, let.StatusCode));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_mta.Program.Url, path)) { Content = method == "POST" ? JsonContent.Create(new { }) : null };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await _mta.Client.SendAsync(request);
    }
}
