namespace Delivery.Aggregator.Watch;

/// <summary>How fast something grows, over the last minutes. One owner.</summary>
internal sealed class Growth
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private readonly Queue<(TimeSpan At, long Value)> _samples = new();

    /// <summary>Takes a sample and gives the growth a second since the oldest of the window; null for the first.</summary>
    /// <param name="at">Time since any fixed moment; never smaller than before.</param>
    public double? Take(TimeSpan at, long value)
    {
        _samples.Enqueue((at, value));
        while (at - _samples.Peek().At > Window)
            _samples.Dequeue();
        var (since, before) = _samples.Peek();
        return at > since ? (value - before) / (at - since).TotalSeconds : null;
    }
}
