using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Delivery.Aggregator.Tests.Webhooks;

/// <summary>A real receiver on a free loopback port that does what a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    /// <summary>What it does after it has read a request; by default it takes it.</summary>
    public Func<HttpContext, ReceivedBatch, Task> Does { get; set; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<ReceivedBatch> All { get; } = new();

    /// <summary>Those that it answered with 2xx.</summary>
    public ConcurrentQueue<ReceivedBatch> Taken { get; } = new();

    public IEnumerable<JsonElement> Events => Taken.SelectMany(batch => batch.Events);

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        receiver.Url = app.Urls.First();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var batch = new ReceivedBatch(
            context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(), TimeProvider.System.GetTimestamp());
        All.Enqueue(batch);
        await Does(context, batch);
        if (context.Response.StatusCode is >= 200 and < 300)
            Taken.Enqueue(batch);
    }
}

internal sealed record ReceivedBatch(string Path, Dictionary<string, string> Headers, byte[] Body, long At)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    public List<JsonElement> Events => [.. Json.GetProperty("events").EnumerateArray()];

    public List<string> EventIds => [.. Events.Select(one => one.GetProperty("event_id").GetString()!)];
}
