using System.Net;
using System.Security.Cryptography;
using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Who asks: <c>default</c> or a reader, by header, URL or basic authentication, in ClickHouse's order.</summary>
internal sealed class Access(EngineOptions options)
{
    private const int AuthenticationFailed = 516;

    /// <exception cref="EngineException">Code 516, or 194 when a password is needed and none came.</exception>
    public Caller Identify(HttpRequest request)
    {
        if (string.IsNullOrEmpty(options.Password) && IsForeignPage(request))
            throw EngineException.Of(AuthenticationFailed, "AUTHENTICATION_FAILED", "A web page may not query this server unless EmbeddedClickHouse:Password is set");
        var (user, key) = Read(request);
        var further = options.Readers.Find(reader => reader.Name == user);
        var expected = user switch
        {
            "default" => options.Password ?? string.Empty,
            "reader" when !string.IsNullOrEmpty(options.ReaderPassword) => options.ReaderPassword,
            _ => further?.Password,
        };

        // Hashes have one length, so neither the length nor the place of a difference shows in the time taken.
        var same = CryptographicOperations.FixedTimeEquals(Hash(key), Hash(expected ?? "\0"));
        if (same && expected is not null) return new Caller(user != "default", further?.Account ?? 0);
        if (key.Length == 0 && user == "default")
            throw EngineException.Of(194, "REQUIRED_PASSWORD", "default: Authentication failed: a password is required");
        throw EngineException.Of(AuthenticationFailed, "AUTHENTICATION_FAILED",
            $"{user}: Authentication failed: password is incorrect, or there is no user with such name.");
    }

    /// <summary>
    /// A browser on this machine would carry any site's request to a loopback server. It names the site relation or at least its origin, and a
    /// name that was made to point here (DNS rebinding) shows in Host.
    /// </summary>
    private static bool IsForeignPage(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        var local = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, "http://" + request.Host.Value, StringComparison.OrdinalIgnoreCase)) return true;
        return !local || request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "none" or "same-origin");
    }

    private static (string User, string Key) Read(HttpRequest request)
    {
        var user = request.Headers["X-ClickHouse-User"].ToString();
        var key = request.Headers["X-ClickHouse-Key"].ToString();
        if (user.Length > 0 || key.Length > 0) return (user.Length > 0 ? user : "default", key);
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return ReadBasic(authorization[6..]);
        user = request.Query["user"].ToString();
        return (user.Length > 0 ? user : "default", request.Query["password"].ToString());
    }

    private static (string User, string Key) ReadBasic(string value)
    {
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var length))
            throw EngineException.Of(AuthenticationFailed, "AUTHENTICATION_FAILED", "The Authorization header is not valid Base64");
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, string.Empty) : (text[..colon], text[(colon + 1)..]);
    }

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
