using Delivery.Aggregator;
using Delivery.Aggregator.Reports;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Settings;
using StartFault = Delivery.Aggregator.StartFault;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    SettingsFile.AddTo(builder.Configuration);
    builder.AddAggregator();
    await using var app = builder.Build();
    app.UseSettings();
    app.MapHealth();
    app.MapReports();
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (StartFault.Explains(e, out var line))
{
    await Console.Error.WriteLineAsync(line);
    return StartFault.ExitCode;
}
