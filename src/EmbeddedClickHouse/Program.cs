using Delivery.Contracts.Settings;
using Delivery.EmbeddedClickHouse;
using Delivery.EmbeddedClickHouse.Engine;
using Delivery.EmbeddedClickHouse.Http;

try
{
    var builder = WebApplication.CreateSlimBuilder(SettingsFile.Arguments(args));
    SettingsFile.AddTo(builder.Configuration);
    builder.AddEngine();
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.Limits.MaxRequestBodySize = null; // an INSERT may be of any length; its rows are streamed
        kestrel.Limits.MaxRequestLineSize = 1024 * 1024; // as a server's http_max_uri_size
        kestrel.Limits.MaxRequestBufferSize = 2 * 1024 * 1024;
    });
    await using var app = builder.Build();
    var options = app.Services.GetRequiredService<EngineOptions>();
    ThreadPool.GetMinThreads(out var workers, out var ports);
    ThreadPool.SetMinThreads(workers + (2 * options.Connections), ports);
    app.Urls.Add(options.Url);

    // The engine starts before the host takes over the signals: it replaces the handler of SIGINT.
    var broken = app.Services.GetRequiredService<EngineHost>().Broken;
    app.MapClickHouse();
    await app.RunToStopAsync();
    if (!broken.IsCancellationRequested) return 0;
    await Console.Error.WriteLineAsync("The engine opens no further connection. This process ends, so that a new one can serve.");
    return 1;
}
catch (IOException error)
{
    await Console.Error.WriteLineAsync(error.Message.TrimEnd('.') + ". Set EmbeddedClickHouse:Url to a free address, or EmbeddedClickHouse:Path to another folder.");
    return StartFault.ExitCode;
}
catch (EngineStartException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return StartFault.ExitCode;
}
catch (Exception error) when (StartFault.Explains(error, out var line))
{
    await Console.Error.WriteLineAsync(line);
    return StartFault.ExitCode;
}
