using System.Text;
using System.Text.Json;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Contracts.Tests.Tokens;

/// <summary>A ring whose secrets are known, by way of the file format.</summary>
internal static class FixedKeys
{
    public static byte[] Secret(byte seed) => [.. Enumerable.Range(0, 32).Select(i => (byte)(seed + i))];

    public static KeyRing Ring(byte current = 1, params byte[] ids)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("keys.json");
        File.WriteAllText(path, Json(current, ids.Length == 0 ? [current] : ids));
        return KeyRing.Load(path);
    }

    public static string Json(byte current, params byte[] ids) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["current"] = current,
        ["tracking"] = ids.ToDictionary(id => id.ToString(), Secret),
        ["recipient_secret"] = Secret(200),
    });

    public static string Open(this TrackingTokens tokens, in TrackingSubject subject)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        return Encoding.ASCII.GetString(buffer, 0, tokens.WriteOpen(subject, buffer));
    }

    public static string Click(this TrackingTokens tokens, in TrackingSubject subject, in LinkPlace place, string url)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        return Encoding.ASCII.GetString(buffer, 0, tokens.WriteClick(subject, place, Encoding.UTF8.GetBytes(url), buffer));
    }

    public static string Unsubscribe(this TrackingTokens tokens, in TrackingSubject subject, in RecipientKey key, uint list, MailLanguage language = MailLanguage.Unknown)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        return Encoding.ASCII.GetString(buffer, 0, tokens.WriteUnsubscribe(subject, key, list, buffer, language: language));
    }
}
