using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Reports;

/// <summary>Rows of ClickHouse as objects: columns by the name that the type has in JSON.</summary>
internal static class JsonRows
{
    /// <summary>What a statement ends with whose answer is read here.</summary>
    public const string Format = " SETTINGS output_format_json_quote_64bit_integers = 0, output_format_json_quote_denormals = 0 FORMAT JSONEachRow";

    /// <summary>All rows of a SELECT without FORMAT.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public static async Task<List<T>> RowsAsync<T>(
        this ClickHouseClient clickHouse, string sql, JsonTypeInfo<T> type, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        Read(await clickHouse.QueryAsync(sql + Format, cancellation, parameters).ConfigureAwait(false), type);

    /// <summary>The same for a statement that names a person: it does not come into ClickHouse's log of queries.</summary>
    /// <inheritdoc cref="RowsAsync"/>
    public static async Task<List<T>> UnloggedRowsAsync<T>(
        this ClickHouseClient clickHouse, string sql, JsonTypeInfo<T> type, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        Read(await clickHouse.QueryAsync(sql + " SETTINGS log_queries = 0," + Format[" SETTINGS".Length..], cancellation, parameters).ConfigureAwait(false), type);

    public static List<T> Read<T>(ReadOnlySpan<byte> answer, JsonTypeInfo<T> type)
    {
        var rows = new List<T>();
        foreach (var line in answer.Split((byte)'\n'))
        {
            if (!answer[line].IsEmpty)
                rows.Add(JsonSerializer.Deserialize(answer[line], type)!);
        }

        return rows;
    }

    /// <summary>A number as a parameter of a statement.</summary>
    public static string Parameter(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers as a parameter of a statement, <c>{name:Array(UInt64)}</c>.</summary>
    public static string Parameter(IEnumerable<ulong> numbers) => new StringBuilder("[").AppendJoin(',', numbers).Append(']').ToString();

    /// <summary>A text as a parameter of a statement, <c>{name:String}</c>: ClickHouse reads it with the escapes of its TSV.</summary>
    public static string Parameter(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\0", "\\0", StringComparison.Ordinal);
}
