using Delivery.Contracts.Tokens;

namespace Delivery.Micro.Operations;

/// <summary>One click token.</summary>
internal sealed class LinkSign : HotOperation
{
    private readonly TrackingTokens _tokens = new(Samples.Keys);
    private readonly byte[] _token = new byte[TrackingTokens.MaxLength];

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
            _tokens.WriteClick(new TrackingSubject(1, Samples.Job, (uint)i, 1_795_337_607), new LinkPlace(1, 1, 0), "https://shop.example/spring/1?from=mail"u8, _token);
    }
}
