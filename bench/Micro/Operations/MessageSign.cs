using System.Buffers;
using Delivery.Contracts.Dkim;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Dkim;
using Delivery.Mta.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Micro.Operations;

/// <summary>A composed message signed with one key of 2048 bits: both canonical forms, the hashes, RSA, the field.</summary>
internal sealed class MessageSign : HotOperation
{
    private readonly ArrayBufferWriter<byte> _message = new(64 << 10);
    private readonly ArrayBufferWriter<byte> _output = new(4 << 10);
    private readonly DkimSigner _signer;

    public MessageSign()
    {
        if (!new MessageComposer(new TrackingTokens(Samples.Keys)).TryCompose(Samples.Content(), Samples.Input(1), _message, out var failure))
            throw new InvalidOperationException(failure.ToString());
        var folder = Directory.CreateTempSubdirectory("dkim-").FullName;
        try
        {
            DkimPrivateKey.Create(new DkimKeyFile(folder, "bench.example", "a", DkimKeyState.Active));
            var keys = new DkimKeys(folder, NullLogger<DkimKeys>.Instance);
            keys.Refresh();
            _signer = new DkimSigner(keys);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            _output.ResetWrittenCount();
            _signer.Sign("bench.example", _message.WrittenSpan, default, Samples.Date, _output);
        }
    }

    public override void Dispose()
    {
        _signer.Dispose();
        base.Dispose();
    }
}
