using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// How many requests are under way, and with them how many bodies are in memory. Receivers that failed last time have places of their own,
/// so that those that hang keep no other waiting. Thread-safe.
/// </summary>
internal sealed class SendSlots : IDisposable
{
    private readonly SemaphoreSlim _well;
    private readonly SemaphoreSlim _failing;

    public SendSlots(IOptions<AggregatorOptions> options)
    {
        var all = options.Value.Webhooks.MaxConcurrent;
        (_well, _failing) = (new SemaphoreSlim(all - (all / 4)), new SemaphoreSlim(all / 4));
    }

    public async Task<T> RunAsync<T>(bool failing, Func<Task<T>> work, CancellationToken cancellation)
    {
        var slots = failing ? _failing : _well;
        await slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose()
    {
        _well.Dispose();
        _failing.Dispose();
    }
}
