namespace Delivery.Aggregator.ClickHouse;

/// <summary>Whether the database has the schema of this program. Thread-safe.</summary>
internal sealed class SchemaState
{
    private volatile bool _ready;

    public bool IsReady => _ready;

    public void Ready() => _ready = true;
}
