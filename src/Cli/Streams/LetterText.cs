using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Streams;

/// <summary>Dead letters in words, and what is asked of them in JSON.</summary>
internal static class LetterText
{
    private const int BytesALine = 16;

    /// <summary>One letter in one line.</summary>
    public static string Line(JsonElement letter) => string.Create(
        CultureInfo.InvariantCulture,
        $"{letter.GetProperty("shard").GetInt32()} {Text(letter, "id")} {Text(letter, "time")} producer {Or(letter, "producer")} number {Or(letter, "number")}{Whole(letter, "")}, {letter.GetProperty("bytes").GetInt32()} bytes: {Text(letter, "reason")}");

    /// <summary>All of one letter, its bytes in hex beside what they spell.</summary>
    public static string Whole(JsonElement letter)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"shard     {letter.GetProperty("shard").GetInt32()}\n");
        foreach (var name in (ReadOnlySpan<string>)["id", "time", "reason", "producer", "number", "entry"])
            text.Append(CultureInfo.InvariantCulture, $"{name,-9} {Or(letter, name)}\n");
        text.Append("holds    ").Append(Whole(letter, " one record")).Append('\n');
        var raw = letter.GetProperty("raw").GetBytesFromBase64();
        for (var at = 0; at < raw.Length; at += BytesALine)
        {
            var line = raw.AsSpan(at, Math.Min(BytesALine, raw.Length - at));
            text.Append(CultureInfo.InvariantCulture, $"\n{at:x6}  ");
            for (var i = 0; i < BytesALine; i++)
                text.Append(i < line.Length ? line[i].ToString("x2", CultureInfo.InvariantCulture) + " " : "   ");
            text.Append(' ');
            foreach (var one in line)
                text.Append(one is >= 0x20 and < 0x7F ? (char)one : '.');
        }

        return text.ToString();
    }

    /// <summary>The body that says which letters are meant.</summary>
    public static byte[] Order(int shard, IReadOnlyList<string> ids, string? reason, bool all, string? after, string? until)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("shard", shard);
            if (ids.Count > 0)
            {
                json.WriteStartArray("ids");
                foreach (var id in ids)
                    json.WriteStringValue(id);
                json.WriteEndArray();
            }

            if (reason is not null)
                json.WriteString("reason", reason);
            if (all)
                json.WriteBoolean("all", true);
            if (after is not null)
                json.WriteString("after", after);
            if (until is not null)
                json.WriteString("until", until);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static string Whole(JsonElement letter, string otherwise) => Text(letter, "records") is { Length: > 0 } records ? $" a whole entry of {records}" : otherwise;

    private static string Or(JsonElement letter, string name) => Text(letter, name) is { Length: > 0 } text ? text : "?";

    private static string Text(JsonElement letter, string name) => letter.GetProperty(name).ToString();
}
