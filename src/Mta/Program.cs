using Delivery.Contracts.Settings;
using Delivery.Mta;
using Delivery.Mta.Jobs;
using Delivery.Mta.Suppressions;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    SettingsFile.AddTo(builder.Configuration);
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
    app.MapOpenApi();
    app.MapGet("/healthz", () => TypedResults.Text("ok\n")).ExcludeFromDescription();
    app.MapGet("/readyz", (SuppressionMirror mirror) => mirror.IsFresh
        ? TypedResults.Text("ready\n")
        : TypedResults.Text("Redis has not told the suppressions\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
    await app.RunToStopAsync();
    return 0;
}
catch (Exception e) when (StartFault.Explains(e, out var line))
{
    await Console.Error.WriteLineAsync($"mta: {line}");
    return StartFault.ExitCode;
}
