using System.Diagnostics;
using System.Threading.Channels;

namespace Delivery.Cli.Bench.Track;

/// <summary>
/// Requests that come at a rate of their own, whether earlier ones were answered or not: each is the timestamp at which it came. A thread of its
/// own lets come what is due, every millisecond; timers tick too coarsely. One that finds all connections busy waits, and its wait counts.
/// </summary>
internal static class Arrivals
{
    private const int MostWaiting = 1_000_000;

    public static ChannelReader<long> Start(double perSecond, long count, CancellationToken stop)
    {
        var channel = Channel.CreateBounded<long>(new BoundedChannelOptions(MostWaiting) { SingleWriter = true });
        new Thread(() => Run(channel.Writer, perSecond, count, stop)) { IsBackground = true, Name = "arrivals" }.Start();
        return channel.Reader;
    }

    private static void Run(ChannelWriter<long> writer, double perSecond, long count, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var come = 0L; come < count && !stop.IsCancellationRequested; stop.WaitHandle.WaitOne(1))
        {
            var now = Stopwatch.GetTimestamp();
            for (var due = Math.Min(count, (long)((now - begin) * perSecond / Stopwatch.Frequency)); come < due && writer.TryWrite(now); come++)
            {
            }
        }

        // A reader that waits is stopped too, and not told that all have come.
        writer.Complete(stop.IsCancellationRequested ? new OperationCanceledException(stop) : null);
    }
}
