using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Places between the spool and an outcome. Taken before a claim, given back when the outcome is on disk:
/// bounds memory, and makes every channel behind it large enough by itself. Thread-safe.
/// </summary>
internal sealed class InFlight(IOptions<MtaOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxInFlight);

    public int Capacity { get; } = options.Value.MaxInFlight;

    public int Count => Capacity - _places.CurrentCount;

    public async Task TakeAsync(int places, CancellationToken cancellation)
    {
        var taken = 0;
        try
        {
            for (; taken < places; taken++)
                await _places.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Return(taken);
            throw;
        }
    }

    public void Return(int places)
    {
        if (places > 0)
            _places.Release(places);
    }

    public void Dispose() => _places.Dispose();
}
