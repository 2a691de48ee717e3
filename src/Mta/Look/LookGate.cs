namespace Delivery.Mta.Look;

/// <summary>Looks at one time; further ones wait. Below the number of bodies in memory, so that looks never take all of them from the jobs.</summary>
internal sealed class LookGate : IDisposable
{
    private const int ParallelLooks = 4;
    private readonly SemaphoreSlim _places = new(ParallelLooks);

    public async Task<IResult> RunAsync(Func<Task<IResult>> look, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await look().ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
