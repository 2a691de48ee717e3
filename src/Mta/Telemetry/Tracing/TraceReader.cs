using System.Threading.Channels;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>Somebody who reads a trace. Takes lines without ever waiting; what is not read in time is dropped and counted. Thread-safe.</summary>
internal sealed class TraceReader(TraceFilter filter)
{
    /// <summary>Lines that wait for a slow reader.</summary>
    public const int Depth = 2_048;

    private readonly Channel<TraceLine> _lines = Channel.CreateBounded<TraceLine>(new BoundedChannelOptions(Depth) { SingleReader = true });
    private long _dropped;

    public TraceFilter Filter => filter;

    public void Add(TraceLine line)
    {
        if (!_lines.Writer.TryWrite(line))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>The next line; null after <paramref name="atMost"/> without one.</summary>
    public async ValueTask<TraceLine?> ReadAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        if (!_lines.Reader.TryRead(out var line))
        {
            using var limit = new CancellationTokenSource(atMost, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                line = await _lines.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        return Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped ? line with { Dropped = dropped } : line;
    }

    /// <summary>Whether lines wait to be read.</summary>
    public bool HasLines => _lines.Reader.Count > 0;
}
