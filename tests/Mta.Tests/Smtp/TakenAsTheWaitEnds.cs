using System.Threading.Channels;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>One message, which its reader gets at the moment at which it gives up waiting.</summary>
internal sealed class TakenAsTheWaitEnds(OutgoingMessage message) : ChannelReader<OutgoingMessage>
{
    private readonly TaskCompletionSource _waitedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task IsWaitedFor => _waitedFor.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public override bool TryRead(out OutgoingMessage item)
    {
        item = null!;
        return false;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(false);

    public override async ValueTask<OutgoingMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), given);
        Assert.True(_waitedFor.TrySetResult(), "asked for once more after the stop");
        await given.Task;
        return message;
    }
}
