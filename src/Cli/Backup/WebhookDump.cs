using System.Text.Json;
using System.Text.Json.Serialization;
using Delivery.Contracts.Webhooks;
using StackExchange.Redis;

namespace Delivery.Cli.Backup;

/// <summary>Webhooks as lines of JSON, one each: what it is, with its secret, and where it stands among the events.</summary>
internal static class WebhookDump
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Writes all webhooks of all accounts. Returns how many.</summary>
    public static async Task<long> WriteAsync(IDatabaseAsync redis, WebhookKeys keys, Stream output)
    {
        var entries = await redis.HashGetAllAsync(keys.Subscriptions).WaitAsync(Deadline);
        foreach (var entry in entries)
        {
            var id = (string)entry.Name!;
            var line = new WebhookLine(
                id,
                (string)entry.Value!,
                await redis.HashGetAsync(keys.State(id), WebhookKeys.CursorField).WaitAsync(Deadline),
                await redis.HashGetAsync(keys.Stopped, id).WaitAsync(Deadline));
            await JsonSerializer.SerializeAsync(output, line, WebhookLineJson.Default.WebhookLine);
            output.WriteByte((byte)'\n');
        }

        return entries.Length;
    }

    /// <summary>Adds those that Redis does not have; each goes on where it stood, so that some of its events may come again. Returns the lines.</summary>
    /// <exception cref="LaunchException">A line is not of the form.</exception>
    public static async Task<long> LoadAsync(IDatabaseAsync redis, WebhookKeys keys, StreamReader input)
    {
        var lines = 0L;
        while (await input.ReadLineAsync() is { } text)
        {
            lines++;
            if (Parse(text) is not { Id: { Length: > 0 } id, Webhook: { } webhook } line)
                throw new LaunchException($"line {lines} of the backup's {BackupPart.Webhooks} is no webhook");
            if (await redis.HashExistsAsync(keys.Subscriptions, id).WaitAsync(Deadline))
                continue;
            if (line.Cursor is { } cursor)
                await redis.HashSetAsync(keys.State(id), WebhookKeys.CursorField, cursor).WaitAsync(Deadline);
            if (line.Stopped is { } stopped)
                await redis.HashSetAsync(keys.Stopped, id, stopped).WaitAsync(Deadline);
            await redis.HashSetAsync(keys.Subscriptions, id, webhook).WaitAsync(Deadline);
            await redis.StringIncrementAsync(keys.Version).WaitAsync(Deadline);
        }

        return lines;
    }

    private static WebhookLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, WebhookLineJson.Default.WebhookLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Webhook">As Redis keeps it.</param>
/// <param name="Cursor">Where it stands; null for the beginning.</param>
/// <param name="Stopped">Why nothing is sent; null where it is.</param>
internal sealed record WebhookLine(string Id, string Webhook, string? Cursor, string? Stopped);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookLine))]
internal sealed partial class WebhookLineJson : JsonSerializerContext;
