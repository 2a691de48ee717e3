using System.Text;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>A message that remembers what became of it, and that it was told once only.</summary>
internal sealed class TestMessage : OutgoingMessage
{
    private readonly TaskCompletionSource<DeliveryAttempt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _completions;

    public TestMessage(string to, string body = "Subject: hi\r\n\r\nHello\r\n", string from = "news@sender.test")
    {
        EnvelopeFrom = Encoding.UTF8.GetBytes(from);
        EnvelopeTo = Encoding.UTF8.GetBytes(to);
        Body = Encoding.UTF8.GetBytes(body);
    }

    public Task<DeliveryAttempt> Done => _done.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public int Completions => Volatile.Read(ref _completions);

    public Action<DeliveryAttempt>? OnComplete { get; init; }

    public override void Complete(in DeliveryAttempt attempt)
    {
        Interlocked.Increment(ref _completions);
        OnComplete?.Invoke(attempt);
        _done.TrySetResult(attempt);
    }

    public static TestMessage[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new TestMessage($"r{i}@example.test", $"Subject: {i}\r\n\r\nBody {i}\r\n"))];
}
