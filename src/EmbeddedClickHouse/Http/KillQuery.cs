using System.Text;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// <c>KILL QUERY WHERE query_id = '…'</c> with the caller's own id. The engine gives each statement an id that it makes
/// itself and takes none, so the condition is put in terms of the mark that the statement carries.
/// </summary>
internal static class KillQuery
{
    /// <summary>The id that the statement names; null for any other statement, and for an id with quotes or escapes.</summary>
    public static string? IdOf(string sql)
    {
        var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql));
        foreach (var word in (ReadOnlySpan<string>)["KILL", "QUERY", "WHERE", "QUERY_ID", "="])
            if (!reader.Read() || !Encoding.UTF8.GetString(reader.Token).Equals(word, StringComparison.OrdinalIgnoreCase)) return null;
        if (!reader.Read() || reader.Token[0] != (byte)'\'' || reader.Token.Length < 3) return null;
        var id = Encoding.UTF8.GetString(reader.Token[1..^1]);
        if (id.AsSpan().ContainsAny('\'', '\\')) return null;
        while (reader.Read())
            if (!reader.Is("SYNC"u8) && !reader.Is("ASYNC"u8) && !reader.IsSymbol((byte)';')) return null;
        return id;
    }

    /// <summary>The same statement for the engine.</summary>
    public static string Of(string mark, string sql) =>
        $"KILL QUERY WHERE startsWith(Settings['log_comment'], '{mark}') {(sql.Contains("ASYNC", StringComparison.OrdinalIgnoreCase) ? "ASYNC" : "SYNC")}";
}
