using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Aggregator.Webhooks;

/// <summary>Signing secrets and signatures as Standard Webhooks 1.0.0 has them: <c>whsec_</c> and base64; HMAC-SHA-256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSecret
{
    public const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret, with blanks between.</summary>
    /// <param name="id">Holds no full stop.</param>
    /// <param name="timestamp">Of the attempt, Unix seconds.</param>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        var signatures = new List<string>(2);
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
            hmac.AppendData(head);
            hmac.AppendData(body);
            signatures.Add("v1," + Convert.ToBase64String(hmac.GetHashAndReset()));
        }

        return string.Join(' ', signatures);
    }

    /// <summary>The secrets that sign at a moment.</summary>
    public static IEnumerable<string> Of(Subscription subscription, DateTimeOffset now) =>
        subscription.OldSecret is { } old && now < subscription.OldSecretUntil ? [subscription.Secret, old] : [subscription.Secret];
}
