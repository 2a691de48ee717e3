using System.Collections.Concurrent;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>
/// Readers who fetch what the mail that reaches the sink holds, each thing once, and write down what they were answered: the ledger that
/// the tracker's promise is held to.
/// </summary>
internal sealed class Readers
{
    private const int Workers = 8;
    private static readonly TimeSpan NobodyThere = TimeSpan.FromMilliseconds(30);
    private readonly ConcurrentQueue<ReaderRequest> _waiting = new();
    private readonly ConcurrentQueue<ReadEntry> _entries = new();
    private readonly string _campaign;
    private readonly int _seed;
    private readonly int _port;
    private readonly Violations _violations;
    private int _busy;

    public Readers(string campaign, int seed, string tracker, Violations violations)
    {
        _campaign = campaign;
        _seed = seed;
        _port = new Uri(tracker).Port;
        _violations = violations;
    }

    public IReadOnlyCollection<ReadEntry> Entries => _entries;

    /// <summary>Everything in the mail that arrived so far has been read.</summary>
    public bool AreDone => _waiting.IsEmpty && Volatile.Read(ref _busy) == 0;

    /// <summary>Somebody gets mail. Who does what with it follows from the seed and the recipient.</summary>
    public void Receive(ReceivedMessage message)
    {
        if (!message.Recipient.StartsWith(_campaign + ".", StringComparison.Ordinal))
            return;
        var ordinal = Ordinal(message.Recipient);
        var mood = new Random(unchecked((_seed * 1_000_003) + ordinal));
        if (mood.NextDouble() < 0.5)
            Add(new ReadKey("opened", ordinal, 0, 0), MailLinks.Pixel(message), posts: false, null);
        var clicks = mood.NextDouble() < 0.35 ? mood.Next(1, ExampleJob.Places.Count + 1) : 0;
        var links = MailLinks.Clicks(message);
        for (var place = 0; place < clicks; place++)
        {
            var (position, loopIndex) = ExampleJob.Places[place];
            Add(new ReadKey("clicked", ordinal, position, loopIndex), links[place], posts: false, ExampleJob.Destination(place, ordinal));
        }

        if (mood.NextDouble() < 0.02)
            Add(new ReadKey("unsubscribed", ordinal, 0, 0), MailLinks.Unsubscribe(message), posts: true, null);
    }

    /// <summary>Reads until <paramref name="stop"/>.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => ReadAsync(stop), CancellationToken.None)));

    public static int Ordinal(string recipient)
    {
        var dot = recipient.IndexOf('.', StringComparison.Ordinal);
        return int.Parse(recipient.AsSpan((dot + 1)..recipient.IndexOf('@', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Add(ReadKey key, string url, bool posts, string? location) =>
        _waiting.Enqueue(new ReaderRequest(key, new Uri(url).AbsolutePath, posts, location));

    private async Task ReadAsync(CancellationToken stop)
    {
        using var http = new RawHttp(_port);
        while (!stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _busy);
            if (!_waiting.TryDequeue(out var request))
            {
                Interlocked.Decrement(ref _busy);
                await Task.Delay(NobodyThere, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            while (!await http.TryConnectAsync(stop) && !stop.IsCancellationRequested)
                await Task.Delay(NobodyThere, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
                Keep(request, await http.SendAsync(request.Path, request.Posts));
            Interlocked.Decrement(ref _busy);
        }
    }

    private void Keep(ReaderRequest request, string? head)
    {
        var status = head is null ? "none" : head.Split('\r')[0];
        var result = head is null ? ReadResult.Maybe : request.Posts && status.Contains(" 503 ", StringComparison.Ordinal) ? ReadResult.Refused : ReadResult.Answered;
        _entries.Enqueue(new ReadEntry(Timeline.Now, request, result, status));
        if (result != ReadResult.Answered)
            return;
        _violations.Check(
            status.StartsWith(request.Location is null ? "HTTP/1.1 200 " : "HTTP/1.1 302 ", StringComparison.Ordinal), $"{request.Key} was answered {status}");
        if (request.Location is { } location)
            _violations.Check(RawHttp.Header(head!, "Location") == location, $"{request.Key} was sent to {RawHttp.Header(head!, "Location")}, not to {location}");
    }
}
