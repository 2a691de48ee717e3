using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Erasure;

/// <summary>
/// Recipients of jobs who were erased, in memory: what comes late of them is counted without what tells who they are. Loaded before anything is inserted,
/// and again every <see cref="RefreshEvery"/>, since another aggregator may erase. Thread-safe.
/// </summary>
internal sealed class ErasedPeople(ClickHouseClient clickHouse) : IDisposable
{
    /// <summary>How long another aggregator may not know of an erasure.</summary>
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile HashSet<(ulong Job, uint Recipient)> _known = [];
    private ulong _rows;

    /// <summary>Nobody was erased: there is nothing to look up.</summary>
    public bool IsEmpty => _known.Count == 0;

    public bool Contains(ulong job, uint recipient) => _known.Contains((job, recipient));

    /// <summary>Reads nothing where there are as many as before.</summary>
    /// <exception cref="ClickHouseException">What was known before holds.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var rows = new TabSeparated(await clickHouse.QueryAsync("SELECT uniqExact(account, job, recipient) FROM erased FORMAT TSV", cancellation).ConfigureAwait(false)).UInt64();
        if (rows == _rows)
            return;
        var answer = await clickHouse.QueryAsync("SELECT DISTINCT job, recipient FROM erased FORMAT TSV", cancellation).ConfigureAwait(false);
        var known = new HashSet<(ulong, uint)>();
        for (var list = new TabSeparated(answer); !list.AtEnd;)
            known.Add((list.UInt64(), (uint)list.UInt64()));
        _known = known;
        _rows = rows;
    }
}
