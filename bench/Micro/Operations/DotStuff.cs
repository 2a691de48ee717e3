using System.Buffers;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;
using Delivery.Mta.Smtp;

namespace Delivery.Micro.Operations;

/// <summary>One message made fit for DATA.</summary>
internal sealed class DotStuff : HotOperation
{
    private readonly byte[] _message;
    private readonly byte[] _wire = new byte[64 << 10];

    public DotStuff()
    {
        var output = new ArrayBufferWriter<byte>();
        if (!new MessageComposer(new TrackingTokens(Samples.Keys)).TryCompose(Samples.Content(), Samples.Input(17), output, out var failure))
            throw new InvalidOperationException(failure.ToString());
        _message = output.WrittenSpan.ToArray();
    }

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            var stuffer = default(DotStuffer);
            stuffer.Copy(_message, _wire, out var consumed, out var written);
            stuffer.Finish(_wire.AsSpan(written));
            if (consumed != _message.Length)
                throw new InvalidOperationException("the message did not fit");
        }
    }
}
