using Delivery.Tracker;

try
{
    await using var app = TrackerProgram.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (TrackerProgram.IsSettingFault(e))
{
    await Console.Error.WriteLineAsync("tracker: " + e.Message.ReplaceLineEndings(" "));
    return 2;
}
