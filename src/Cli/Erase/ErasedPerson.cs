namespace Delivery.Cli.Erase;

/// <summary>Whom to erase.</summary>
/// <param name="Account">Null: that of the API key.</param>
/// <param name="Keys">Recipient keys in hex, where a receipt named them.</param>
internal sealed record ErasedPerson(uint? Account, string? Address, string? UpstreamId, IReadOnlyList<string> Keys)
{
    /// <summary>How the person was named, for the receipt.</summary>
    public string By => Address is not null ? "address" : UpstreamId is not null ? "upstream_id" : "receipt";
}
