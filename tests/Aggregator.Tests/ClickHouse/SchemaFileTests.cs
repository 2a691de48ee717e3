using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Tests.ClickHouse;

public class SchemaFileTests
{
    [Fact]
    public void The_built_in_steps_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, SchemaFile.BuiltIn.Count).Select(n => (uint)n), SchemaFile.BuiltIn.Select(file => file.Version));

    [Fact]
    public void Every_table_deduplicates_inserts()
    {
        var tables = SchemaFile.BuiltIn.SelectMany(file => file.Statements).Where(statement => statement.StartsWith("CREATE TABLE", StringComparison.Ordinal) && !statement.Contains("ENGINE = Null", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Contains("non_replicated_deduplication_window", table, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_cut_at_semicolons_that_end_a_line()
    {
        var file = SchemaFile.Parse("007_x.sql", "SELECT ';';\nSELECT 2;\n");
        Assert.Equal(7u, file.Version);
        Assert.Equal(["SELECT ';'", "SELECT 2"], file.Statements);
        Assert.NotEqual(file.Checksum, SchemaFile.Parse("007_x.sql", "SELECT 3;\n").Checksum);
    }
}
