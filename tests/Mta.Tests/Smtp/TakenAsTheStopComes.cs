using System.Threading.Channels;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>One message, which is there; taking it brings the stop, and it is handed over when a clock that the stop has set to nothing has run out.</summary>
internal sealed class TakenAsTheStopComes(OutgoingMessage message, CancellationTokenSource stop) : ChannelReader<OutgoingMessage>
{
    private bool _taken;

    public override bool TryRead(out OutgoingMessage item)
    {
        item = message;
        if (_taken)
            return false;
        _taken = true;
        stop.Cancel();
        using var later = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        later.Token.WaitHandle.WaitOne();
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(!_taken);
}
