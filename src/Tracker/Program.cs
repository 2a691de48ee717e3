using Delivery.Contracts.Settings;
using Delivery.Tracker;

try
{
    await using var app = TrackerProgram.Build(args);
    await app.RunToStopAsync();
    return 0;
}
catch (Exception e) when (StartFault.Explains(e, out var line))
{
    await Console.Error.WriteLineAsync($"tracker: {line}");
    return StartFault.ExitCode;
}
