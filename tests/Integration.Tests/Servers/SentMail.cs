using System.Text;
using Delivery.Mta.Smtp;

namespace Delivery.Integration.Tests.Servers;

/// <summary>A message that remembers what became of it.</summary>
internal sealed class SentMail : OutgoingMessage
{
    private readonly TaskCompletionSource<DeliveryAttempt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SentMail(string to, byte[] body)
    {
        EnvelopeFrom = "shop@sender.example"u8.ToArray();
        EnvelopeTo = Encoding.UTF8.GetBytes(to);
        Body = body;
    }

    public Task<DeliveryAttempt> Done => _done.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public bool IsDone => _done.Task.IsCompleted;

    public override void Complete(in DeliveryAttempt attempt) => Assert.True(_done.TrySetResult(attempt));
}
