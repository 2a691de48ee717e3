using System.Net.Http.Headers;
using System.Text.Json;
using Delivery.Aggregator.Audiences;
using Delivery.Aggregator.Hindsight;
using Delivery.Aggregator.Letters;
using Delivery.Aggregator.Live;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Streams;
using Delivery.Aggregator.Telemetry;
using Delivery.Aggregator.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>The program, in this process, on a free port.</summary>
internal sealed class TestAggregator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestAggregator(WebApplication app) => _app = app;

    public HttpClient Http { get; } = new();

    /// <summary>The program's services, nothing started.</summary>
    public static WebApplication Build(string[] settings, Func<BatchPoint, Task>? hook = null)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        builder.AddAggregator();
        builder.Services.AddSingleton(new BatchHook { At = hook });
        return builder.Build();
    }

    public static async Task<TestAggregator> StartAsync(string[] settings, Func<BatchPoint, Task>? hook)
    {
        var app = Build(settings, hook);
        app.UseSettings();
        app.MapAggregator();
        await app.StartAsync();
        var aggregator = new TestAggregator(app);
        aggregator.Http.BaseAddress = new Uri(app.Urls.First());
        return aggregator;
    }

    /// <summary>A part of the program.</summary>
    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A clean end, as SIGTERM brings it.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = Installation.Key, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> ReportAsync(ulong job)
    {
        using var response = await GetAsync($"/v1/jobs/{job}/report");
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
