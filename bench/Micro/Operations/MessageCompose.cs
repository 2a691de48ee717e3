using System.Buffers;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;

namespace Delivery.Micro.Operations;

/// <summary>One whole message: rendered, links signed, headers, both parts encoded.</summary>
internal sealed class MessageCompose : HotOperation
{
    private readonly MessageComposer _composer = new(new TrackingTokens(Samples.Keys));
    private readonly CompiledContent _content = Samples.Content();
    private readonly ArrayBufferWriter<byte> _output = new(64 << 10);

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            _output.ResetWrittenCount();
            if (!_composer.TryCompose(_content, Samples.Input((uint)i), _output, out var failure))
                throw new InvalidOperationException(failure.ToString());
        }
    }
}
