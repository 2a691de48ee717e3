using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>The databases without which the engine opens no further connection; nobody may take them away.</summary>
internal static class HomeDatabases
{
    private const int LongestHead = 6;

    /// <exception cref="EngineException">Code 497: the statement drops, detaches or renames one of them.</exception>
    public static void Check(string sql)
    {
        var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql));
        var previous = string.Empty;
        var left = 0;
        while (reader.Read())
        {
            // The engine's lexer takes typographic blanks and quotes, so words could hide behind them.
            if (reader.Kind == SqlTokenKind.Word && !Ascii.IsValid(reader.Token))
                throw EngineException.Of(62, "SYNTAX_ERROR", "Syntax error: a character beyond ASCII outside quotes");
            var word = Encoding.UTF8.GetString(reader.Token);
            if (left > 0 && (IsHome(word) || word == "{" || word.Contains('\\', StringComparison.Ordinal)))
                throw EngineException.Of(497, "ACCESS_DENIED", "The databases default and system cannot be dropped, detached or renamed: the engine needs them. Name any other plainly");
            left = reader.Is("DATABASE"u8) && previous is "DROP" or "DETACH" or "RENAME" or "EXCHANGE" ? LongestHead : left - 1;
            previous = reader.Kind == SqlTokenKind.Word ? word.ToUpperInvariant() : string.Empty;
        }
    }

    private static bool IsHome(string word) => word.Trim('`', '"') is "default" or "system" or "information_schema" or "INFORMATION_SCHEMA";
}
