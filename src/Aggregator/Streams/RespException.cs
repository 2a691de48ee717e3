namespace Delivery.Aggregator.Streams;

/// <summary>Redis did not answer a read, or refused it.</summary>
/// <param name="refusal">Redis' own words, where it is a refusal.</param>
internal sealed class RespException(string message, string? refusal = null, Exception? inner = null) : Exception(message, inner)
{
    public string? Refusal { get; } = refusal;
}
