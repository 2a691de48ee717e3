using System.Globalization;

namespace Delivery.Cli.Bench;

/// <summary>What a process has used since its start, from <c>/proc</c>.</summary>
/// <param name="CpuSeconds">In user and kernel mode, all threads; in steps of 10 ms.</param>
internal readonly record struct ProcessUsage(int Process, double CpuSeconds, long RssBytes, long PeakRssBytes)
{
    /// <summary>USER_HZ, which Linux keeps at 100 towards programs.</summary>
    private const double TicksPerSecond = 100;
    private const int UserTime = 11, KernelTime = 12;

    /// <summary>Null where there is no such process.</summary>
    public static ProcessUsage? TryRead(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            // The name stands in parentheses and may hold anything.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Number(fields[UserTime]) + Number(fields[KernelTime]);
            var status = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"));
            return new ProcessUsage(process, ticks / TicksPerSecond, Kilobytes(status, "VmRSS:"), Kilobytes(status, "VmHWM:"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static ProcessUsage Own() => TryRead(Environment.ProcessId)!.Value;

    private static long Kilobytes(string[] status, string name) =>
        Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) << 10 : 0;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
