using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Delivery.Cli.Bench.Track;

/// <summary><c>delivery bench bare-http</c>, hidden: Kestrel with one handler that answers what the tracker answers and does nothing else.</summary>
internal static class BareHttp
{
    private static readonly byte[] Gif = Convert.FromHexString("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b");

    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command("bare-http", "What a tracker that records nothing could answer.") { port };
        command.Hidden = true;
        command.SetAction(parsed => RunAsync(parsed.GetValue(port)));
        return command;
    }

    private static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.Run(AnswerAsync);
        await app.RunAsync();
        return ExitCodes.Success;
    }

    private static Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        var headers = response.Headers;
        if (context.Request.Path.StartsWithSegments("/c"))
        {
            response.StatusCode = StatusCodes.Status302Found;
            headers.Location = "https://shop.example/p/olive-wood-board?from=mail";
            headers.CacheControl = "no-store";
            headers["Referrer-Policy"] = "no-referrer";
            headers.ContentLength = 0;
            return Task.CompletedTask;
        }

        headers.ContentType = "image/gif";
        headers.CacheControl = "no-store, no-cache, must-revalidate, private";
        headers.Pragma = "no-cache";
        headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentLength = Gif.Length;
        return response.BodyWriter.WriteAsync(Gif).AsTask();
    }
}
