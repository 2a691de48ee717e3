namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// At most <see cref="EngineOptions.Connections"/> statements run at once; <see cref="EngineOptions.QueueLength"/> more
/// wait in order, each for at most <see cref="EngineOptions.QueueTimeout"/>; the rest are refused. One place of several is
/// kept for rows that come in, so that long reads cannot hold them up. Thread-safe.
/// </summary>
internal sealed class StatementGate(EngineOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Connections, options.Connections);
    private readonly SemaphoreSlim _reads = new(Math.Max(1, options.Connections - 1));
    private int _waiting;

    /// <summary>Statements that hold a place now.</summary>
    public int Running => options.Connections - _free.CurrentCount;

    /// <param name="writes">Rows follow; anything else may not take the last place.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineException">Code 202: the queue is full or the wait took too long.</exception>
    public async ValueTask EnterAsync(bool writes, CancellationToken cancellation)
    {
        if (writes)
        {
            await TakeAsync(_free, cancellation).ConfigureAwait(false);
            return;
        }

        await TakeAsync(_reads, cancellation).ConfigureAwait(false);
        try
        {
            await TakeAsync(_free, cancellation).ConfigureAwait(false);
        }
        catch
        {
            _reads.Release();
            throw;
        }
    }

    /// <param name="writes">As it was given to <see cref="EnterAsync"/>.</param>
    public void Leave(bool writes)
    {
        _free.Release();
        if (!writes) _reads.Release();
    }

    public void Dispose()
    {
        _free.Dispose();
        _reads.Dispose();
    }

    private async ValueTask TakeAsync(SemaphoreSlim places, CancellationToken cancellation)
    {
        if (places.Wait(0, CancellationToken.None)) return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > options.QueueLength
                || !await places.WaitAsync(options.QueueTimeout, cancellation).ConfigureAwait(false))
            {
                throw EngineException.Of(202, "TOO_MANY_SIMULTANEOUS_QUERIES",
                    "Too many simultaneous queries. Raise EmbeddedClickHouse:Connections or send fewer at once");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
