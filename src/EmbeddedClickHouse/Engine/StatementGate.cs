namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// At most <see cref="EngineOptions.Connections"/> statements run at once; <see cref="EngineOptions.QueueLength"/> more
/// wait in order, each for at most <see cref="EngineOptions.QueueTimeout"/>; the rest are refused. Thread-safe.
/// </summary>
internal sealed class StatementGate(EngineOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Connections, options.Connections);
    private int _waiting;

    /// <exception cref="EngineException">Code 202: the queue is full or the wait took too long.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None)) return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > options.QueueLength
                || !await _free.WaitAsync(options.QueueTimeout, cancellation).ConfigureAwait(false))
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

    public void Leave() => _free.Release();

    public void Dispose() => _free.Dispose();
}
