using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Cli.Tests;

/// <summary>One command as a process of its own, since its output is what is looked at.</summary>
internal static class CliRun
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory)!);
        start.ArgumentList.Add(Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "Cli", configuration, "Delivery.Cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return (process.ExitCode, await output, await error);
    }
}
