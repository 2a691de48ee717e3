namespace Delivery.Contracts.Tokens;

/// <summary>What a token is good for; under the signature, so that none serves another purpose.</summary>
public enum TokenPurpose : byte
{
    Open = 1,
    Click = 2,
    Unsubscribe = 3,
}
