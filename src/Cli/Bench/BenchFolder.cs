using System.Globalization;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench;

/// <summary>The folder of one benchmark's spools, stores and logs: the operator's, which stays, or one of its own, which goes unless something failed.</summary>
internal static class BenchFolder
{
    /// <summary>Runs <paramref name="work"/> with a folder. The parent is on the disk that holds the installation, not on one in memory.</summary>
    public static async Task<int> UseAsync(string? given, TimeProvider time, Func<string, Task<int>> work, CancellationToken stop)
    {
        var path = given is null
            ? Path.Combine(Programs.Root, ".delivery", string.Create(CultureInfo.InvariantCulture, $"bench-{time.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}"))
            : Path.GetFullPath(given);
        if (given is not null && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new LaunchException($"--data {given} is not empty: every run starts from an empty folder");
        var code = ExitCodes.Failure;
        try
        {
            return code = await work(path);
        }
        finally
        {
            if (given is null && (code == ExitCodes.Success || stop.IsCancellationRequested) && Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else if (given is null && Directory.Exists(path))
                await Console.Error.WriteLineAsync($"delivery: what it left is in {path}");
        }
    }
}
