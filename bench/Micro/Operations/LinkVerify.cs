using System.Text;
using Delivery.Contracts.Tokens;

namespace Delivery.Micro.Operations;

/// <summary>One click token checked and read; the destination is made a string.</summary>
internal sealed class LinkVerify : HotOperation
{
    private readonly TrackingTokens _tokens = new(Samples.Keys);
    private readonly string _token;

    public LinkVerify()
    {
        var token = new byte[TrackingTokens.MaxLength];
        var length = _tokens.WriteClick(new TrackingSubject(1, Samples.Job, 17, 1_795_337_607), new LinkPlace(1, 1, 0), "https://shop.example/spring/1?from=mail"u8, token);
        _token = Encoding.ASCII.GetString(token, 0, length);
    }

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            if (!_tokens.TryReadClick(_token, out _))
                throw new InvalidOperationException("the token is not read back");
        }
    }
}
