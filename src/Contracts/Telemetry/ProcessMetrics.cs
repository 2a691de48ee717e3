using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Delivery.Contracts.Telemetry;

/// <summary>What a program takes of its machine; meter <c>Delivery.Process</c>. Asked for when the page is made and costs nothing in between.</summary>
internal sealed class ProcessMetrics
{
    public const string MeterName = "Delivery.Process";

    public ProcessMetrics(IMeterFactory meters, MetricsCollector collector)
    {
        var meter = meters.Create(MeterName);
        var started = Started();
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the program started, Unix time.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Time on processors, user and system.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory that is in RAM.");
        meter.CreateObservableGauge("process.threads", Threads, null, "Threads.");
        meter.CreateObservableGauge("process.open_fds", Descriptors, null, "Open files and sockets.");
        meter.CreateObservableGauge("dotnet.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Memory of managed objects, dead ones that were not collected yet among them.");
        meter.CreateObservableGauge("dotnet.gc.committed", () => GC.GetGCMemoryInfo().TotalCommittedBytes, "By", "Memory that the collector holds, as of its last run.");
        meter.CreateObservableCounter("dotnet.gc.allocated", () => GC.GetTotalAllocatedBytes(), "By", "Memory given to managed objects.");
        meter.CreateObservableCounter("dotnet.gc.pause", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time for which the collector stopped the program.");
        meter.CreateObservableCounter("dotnet.gc.collections", Collections, null, "Runs of the collector, by the oldest generation it looked at.");
        meter.CreateObservableGauge("dotnet.thread_pool.threads", () => ThreadPool.ThreadCount, null, "Threads of the pool.");
        meter.CreateObservableGauge("dotnet.thread_pool.queue", () => ThreadPool.PendingWorkItemCount, null, "Work that waits for a thread of the pool.");
        meter.CreateObservableCounter("metrics.failed_readings", () => collector.FailedReadings, null, "Times that this page was made without a value that could not be read.");
    }

    private static double Started()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0, 3);
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static IEnumerable<Measurement<long>> Descriptors()
    {
        const string open = "/proc/self/fd";
        return Directory.Exists(open) ? [new Measurement<long>(Directory.EnumerateFileSystemEntries(open).LongCount())] : [];
    }

    private static IEnumerable<Measurement<long>> Collections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            yield return new Measurement<long>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation.ToString(CultureInfo.InvariantCulture)));
    }
}
