using System.Runtime.InteropServices;

namespace Delivery.Cli.Bench;

/// <summary>What stands beside every figure.</summary>
internal sealed record MachineFigures(int Cores, string Cpu, string Kernel, string Runtime)
{
    public static MachineFigures Read() => new(
        Environment.ProcessorCount, Model(), File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), RuntimeInformation.FrameworkDescription);

    private static string Model() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
