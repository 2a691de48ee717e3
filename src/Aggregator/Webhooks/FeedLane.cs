namespace Delivery.Aggregator.Webhooks;

/// <summary>How far one stream is read ahead for one webhook. One owner.</summary>
/// <param name="read">The last number that was looked at.</param>
internal sealed class FeedLane(ulong read)
{
    private const ulong FirstWindow = 4_096;
    private const ulong LeastWindow = 256;
    private const ulong LongestWindow = 1024 * 1024;
    private readonly Queue<(ulong Number, long TimeMs)> _ahead = new();
    private ulong _window = FirstWindow;
    private long _latest;

    /// <summary>The last number that was looked at: what is wanted up to there was taken, or is in <see cref="Head"/> and after it.</summary>
    public ulong Read { get; private set; } = read;

    public bool IsEmpty => _ahead.Count == 0;

    /// <summary>
    /// The next event. Its time is no earlier than that of any before it in the stream, even where the producer's clock went back: merged
    /// by it, streams keep their own order.
    /// </summary>
    public (ulong Number, long TimeMs) Head => _ahead.Peek();

    /// <summary>The numbers to look at next, up to <paramref name="mark"/>.</summary>
    public NumberWindow Next(FeedStream stream, ulong mark) => new(stream.Shard, stream.Producer, Read + 1, Math.Min(mark, Read + _window));

    public void Add(ulong number, long timeMs)
    {
        _latest = Math.Max(_latest, timeMs);
        _ahead.Enqueue((number, _latest));
    }

    /// <summary>After what a look found was added: it went to <paramref name="last"/>, or only as far as <paramref name="limit"/> events.</summary>
    public void Looked(ulong last, int found, int limit, ulong lastFound)
    {
        Read = found >= limit ? lastFound : last;
        _window = found >= limit ? Math.Max(_window / 2, LeastWindow) : found == 0 ? Math.Min(_window * 4, LongestWindow) : _window;
    }

    public (ulong Number, long TimeMs) Take() => _ahead.Dequeue();
}
