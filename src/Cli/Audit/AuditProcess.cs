using System.Diagnostics;
using System.Text.Json;
using Delivery.Cli.Up;

namespace Delivery.Cli.Audit;

/// <summary>Runs the aggregator's program as an auditor and shows what it says.</summary>
internal static class AuditProcess
{
    /// <returns>The auditor's exit code.</returns>
    public static async Task<int> RunAsync(string request, Dictionary<string, string> settings, bool json, CancellationToken cancellation)
    {
        var command = Programs.Command("Aggregator");
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)[.. command.Skip(1), "audit", request])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await using var kill = cancellation.Register(() => process.Kill());
        var terminal = !Console.IsErrorRedirected;
        var lastStep = "";
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (!line.StartsWith('{'))
                continue;
            using var said = JsonDocument.Parse(line);
            if (said.RootElement.TryGetProperty("error", out var error))
                await Console.Error.WriteLineAsync("delivery: " + error.GetString());
            else if (said.RootElement.TryGetProperty("report", out var report))
                await Console.Out.WriteLineAsync(json ? report.GetRawText() : AuditText.Of(report));
            else if (said.RootElement.TryGetProperty("step", out var step))
            {
                var (done, total) = (said.RootElement.GetProperty("done").GetInt64(), said.RootElement.GetProperty("total").GetInt64());
                if (terminal)
                    await Console.Error.WriteAsync($"\r{step.GetString()}: {done}/{total}   {(done == total ? "\n" : "")}");
                else if (step.GetString() != lastStep)
                    await Console.Error.WriteLineAsync($"{step.GetString()} …");
                lastStep = step.GetString()!;
            }
        }

        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode is ExitCodes.Success or ExitCodes.Failure or ExitCodes.Usage ? process.ExitCode : ExitCodes.Usage;
    }
}
