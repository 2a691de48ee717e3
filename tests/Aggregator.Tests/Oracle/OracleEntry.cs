namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>A stream entry as it was packed.</summary>
/// <param name="First">Number of its first record.</param>
internal sealed record OracleEntry(ulong First, int Count, byte[] Bytes)
{
    public ulong Last => First + (ulong)Count - 1;
}
