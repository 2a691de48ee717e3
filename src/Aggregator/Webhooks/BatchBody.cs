using System.Buffers;
using System.Text.Json;

namespace Delivery.Aggregator.Webhooks;

/// <summary>The JSON of a batch. Fields that an event does not have, or that were blanked, are left out.</summary>
internal static class BatchBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="rows">A JSON object on each line.</param>
    /// <returns>The body, and how many events it holds.</returns>
    public static (ReadOnlyMemory<byte> Body, int Events) Write(string id, string webhook, ReadOnlySpan<byte> rows)
    {
        var (buffer, events) = (new ArrayBufferWriter<byte>(rows.Length + 256), 0);
        using var json = new Utf8JsonWriter(buffer, Plain);
        Begin(json, id, "events", webhook);
        foreach (var range in rows.Split((byte)'\n'))
        {
            var line = rows[range];
            if (line.IsEmpty)
                continue;
            var reader = new Utf8JsonReader(line);
            using var row = JsonDocument.ParseValue(ref reader);
            json.WriteStartObject();
            foreach (var field in row.RootElement.EnumerateObject())
            {
                if (field.Value.ValueKind != JsonValueKind.Null && !(field.Value.ValueKind == JsonValueKind.String && field.Value.ValueEquals("")))
                    field.WriteTo(json);
            }

            json.WriteEndObject();
            events++;
        }

        End(json);
        return (buffer.WrittenMemory, events);
    }

    /// <summary>A batch of the type <c>test</c> with one example, of no job.</summary>
    public static ReadOnlyMemory<byte> Example(string id, string webhook, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Plain);
        Begin(json, id, "test", webhook);
        json.WriteStartObject();
        json.WriteString("event_id", "0-0-0");
        json.WriteString("event", "clicked");
        json.WriteString("time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("job", "0");
        json.WriteString("campaign_id", "example");
        json.WriteNumber("recipient", 0);
        json.WriteString("upstream_id", "customer-1");
        json.WriteString("recipient_key", new string('0', 31) + "1");
        json.WriteNumber("link", 1);
        json.WriteNumber("position", 1);
        json.WriteNumber("loop_index", 0);
        json.WriteString("url", "https://example.com/");
        json.WriteString("class", "human");
        json.WriteEndObject();
        End(json);
        return buffer.WrittenMemory;
    }

    private static void Begin(Utf8JsonWriter json, string id, string type, string webhook)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteString("webhook", webhook);
        json.WriteStartArray("events");
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
