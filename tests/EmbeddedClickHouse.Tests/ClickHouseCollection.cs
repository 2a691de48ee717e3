using Delivery.Testing;

namespace Delivery.EmbeddedClickHouse.Tests;

/// <summary>One engine for all tests that do not stop it; each test makes tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ClickHouseCollection : ICollectionFixture<SharedClickHouse>
{
    public const string Name = "clickhouse";
}
