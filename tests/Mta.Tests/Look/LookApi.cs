using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Tests.Look;

/// <summary>The calls of a look, on a real Mta.</summary>
internal static class LookApi
{
    public static Task<HttpResponseMessage> SendAsync(this MtaFixture mta, string path, object? body, string? idempotencyKey = null) =>
        mta.SendTextAsync(path, JsonSerializer.Serialize(body), idempotencyKey);

    public static async Task<HttpResponseMessage> SendTextAsync(this MtaFixture mta, string path, string body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await mta.Client.SendAsync(request);
    }

    /// <summary>The answer to a call that must succeed with this status.</summary>
    public static async Task<JsonElement> AnswerAsync(this MtaFixture mta, string path, object? body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await mta.SendAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, text);
        return JsonElement.Parse(text);
    }

    public static string[] Codes(this JsonElement findings) => [.. findings.EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)];

    public static JsonElement Finding(this JsonElement findings, string code) =>
        findings.EnumerateArray().Single(finding => finding.GetProperty("code").GetString() == code);

    /// <summary>The fields that a refused call names.</summary>
    public static async Task<string[]> FieldsAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return [.. problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!)];
    }
}
