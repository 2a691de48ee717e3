using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;

namespace Delivery.Micro;

/// <summary>Time and memory of each hot operation, for BenchmarkDotNet.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls Cleanup.")]
public class MicroBenchmarks
{
    private HotOperation? _operation;

    public static IEnumerable<string> Names => HotOperation.Names;

    [ParamsSource(nameof(Names))]
    public string Operation { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _operation = HotOperation.Create(Operation);

    [GlobalCleanup]
    public void Cleanup() => _operation?.Dispose();

    [Benchmark(OperationsPerInvoke = HotOperation.PerRun)]
    public void Run() => _operation!.Run();
}
