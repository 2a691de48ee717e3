namespace Delivery.EmbeddedClickHouse.Http;

internal enum SqlTokenKind
{
    Word,
    Quoted,
    Symbol,
}
