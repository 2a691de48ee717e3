using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

/// <summary>Stands where the Aggregator does and answers about audiences as it is told, soundly or not.</summary>
internal sealed class ScriptedReports : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedReports(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Path with query and the Authorization header of each request.</summary>
    public ConcurrentQueue<(string Target, string Authorization)> Asked { get; } = new();

    /// <summary>Answers a request; nobody fits unless set.</summary>
    public Func<HttpContext, Task> Script { get; set; } = context => WholeAsync(context, []);

    public static async Task<ScriptedReports> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var reports = new ScriptedReports(app);
        app.Run(async context =>
        {
            reports.Asked.Enqueue((context.Request.Path + context.Request.QueryString, context.Request.Headers.Authorization.ToString()));
            await reports.Script(context);
        });
        await app.StartAsync();
        return reports;
    }

    /// <summary>The people with these ordinals, all of them, and the end.</summary>
    public static Task WholeAsync(HttpContext context, IReadOnlyCollection<uint> ordinals) => WriteAsync(context, ordinals, $"{{\"end\":true,\"people\":{ordinals.Count}}}\n");

    /// <summary>The people with these ordinals, and then what is given.</summary>
    public static async Task WriteAsync(HttpContext context, IEnumerable<uint> ordinals, string last)
    {
        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers["Fresh-As-Of"] = "2026-11-22T10:00:00.250Z";
        var lines = new StringBuilder();
        foreach (var ordinal in ordinals)
            lines.Append($"{{\"recipient\":{ordinal},\"upstream_id\":\"crm-{ordinal}\"}}\n");
        await context.Response.WriteAsync(lines.Append(last).ToString());
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Ends the connection in the middle of the answer.</summary>
    public static async Task CutOffAsync(HttpContext context, IEnumerable<uint> ordinals)
    {
        await WriteAsync(context, ordinals, "");
        context.Abort();
    }

    public static async Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { title = "refused", detail });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
