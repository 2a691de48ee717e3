using Delivery.Contracts.Settings;
using Delivery.Mta;
using Delivery.Mta.Erasure;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.Control;
using Delivery.Mta.Jobs.Listings;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Look;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Queue;
using Delivery.Mta.Suppressions.Api;
using Delivery.Mta.Telemetry;
using Delivery.Mta.Telemetry.Tracing;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateSlimBuilder(SettingsFile.Arguments(args));
    SettingsFile.AddTo(builder.Configuration);
    AttemptLog.SetDefault(builder.Configuration);
    builder.Logging.AddConsoleFormats(builder.Configuration);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    builder.Services.AddMta();
    builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Explain);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    await using var app = builder.Build();
    app.Urls.Add(app.Services.GetRequiredService<IOptions<MtaOptions>>().Value.Url);
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.MapJobs();
    app.MapUploads();
    app.MapControl();
    app.MapListings();
    app.MapLook();
    app.MapSuppressions();
    app.MapBounces();
    app.MapErasure();
    app.MapOpenApi();
    app.MapQueue();
    app.MapTrace();
    app.MapStatus();
    await app.RunToStopAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFault.Explains(e, out var line))
{
    await Console.Error.WriteLineAsync($"mta: {line}");
    return StartFault.ExitCode;
}
