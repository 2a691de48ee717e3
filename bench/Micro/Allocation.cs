namespace Delivery.Micro;

/// <summary>Measures what an operation allocates on its thread.</summary>
internal static class Allocation
{
    private const int WarmUpRuns = 50;
    private const int Runs = 20;

    /// <summary>Bytes of doing it once, rounded up; the least of several rounds, so that a buffer that grew once does not count.</summary>
    public static long BytesOf(string name)
    {
        using var operation = HotOperation.Create(name);
        for (var i = 0; i < WarmUpRuns; i++)
            operation.Run();
        var least = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            operation.Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (least + HotOperation.PerRun - 1) / HotOperation.PerRun;
    }
}
