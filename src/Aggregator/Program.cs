using Delivery.Aggregator;
using Delivery.Aggregator.Audit;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Settings;

try
{
    var builder = WebApplication.CreateSlimBuilder(SettingsFile.Arguments(args));
    SettingsFile.AddTo(builder.Configuration);
    builder.Logging.AddConsoleFormats(builder.Configuration);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    builder.AddAggregator();
    await using var app = builder.Build();
    if (args is [AuditProgram.Verb, var request, ..])
        return await AuditProgram.RunAsync(app.Services, request, Console.Out, CancellationToken.None);
    app.UseSettings();
    app.MapAggregator();
    await app.RunToStopAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFault.Explains(e, out var line))
{
    await Console.Error.WriteLineAsync($"aggregator: {line}");
    return StartFault.ExitCode;
}
