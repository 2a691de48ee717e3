using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Places between the spool and an outcome. Taken before a claim, given back when the outcome is on disk:
/// bounds memory, and makes every channel behind it large enough by itself. Knows who has them. Thread-safe.
/// </summary>
internal sealed class InFlight(IOptions<MtaOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxInFlight);
    private readonly Lock _gate = new();
    private readonly List<SpooledRecipient> _claimed = [];

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

    /// <summary>Notes who has the places that were taken. Finished ones are cleared out once they are as many as there are places.</summary>
    public void Claimed(List<SpooledRecipient> recipients)
    {
        lock (_gate)
        {
            if (_claimed.Count >= 2 * Capacity)
                _claimed.RemoveAll(static one => one.HasOutcome);
            _claimed.AddRange(recipients);
        }
    }

    /// <summary>Those in flight now.</summary>
    public List<SpooledRecipient> Recipients()
    {
        lock (_gate)
            return _claimed.FindAll(static one => !one.HasOutcome);
    }

    /// <summary>Gives back the places of recipients whose outcome is on disk.</summary>
    public void Return(List<AttemptOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            outcome.Recipient.HasOutcome = true;
        Return(outcomes.Count);
    }

    public void Return(int places)
    {
        if (places > 0)
            _places.Release(places);
    }

    public void Dispose() => _places.Dispose();
}
