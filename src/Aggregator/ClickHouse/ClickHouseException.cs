namespace Delivery.Aggregator.ClickHouse;

/// <summary>
/// ClickHouse refused, failed or did not answer. After an insert this says nothing about what is in the tables: look.
/// </summary>
/// <param name="code">ClickHouse's error code; 0 where there was no answer to read one from.</param>
internal sealed class ClickHouseException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Code { get; } = code;
}
