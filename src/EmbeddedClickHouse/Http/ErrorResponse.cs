using System.Globalization;
using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Errors in the form that clients of a ClickHouse server parse.</summary>
internal static class ErrorResponse
{
    /// <summary>The whole answer. Nothing of the response may have been sent yet.</summary>
    public static async Task WriteAsync(HttpContext context, EngineHost engine, EngineException error)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = ErrorStatus.Of(error.Code);
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers["X-ClickHouse-Exception-Code"] = error.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-ClickHouse-Server-Display-Name"] = engine.HostName;
        if (response.StatusCode == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Basic realm=\"ClickHouse\"";
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "1";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(Text(error, engine)), context.RequestAborted);
    }

    /// <summary>
    /// The block that ClickHouse 25.11 and later append to a result that fails after its first bytes. The tag is the
    /// response's <c>X-ClickHouse-Exception-Tag</c>, so that rows cannot be taken for it.
    /// The length counts the text with its line end; clients find the text by it from the end of the body.
    /// </summary>
    public static byte[] Trailer(EngineException error, EngineHost engine, string tag)
    {
        var text = Text(error, engine);
        var length = Encoding.UTF8.GetByteCount(text);
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"\r\n__exception__\r\n{tag}\r\n{text}{length} {tag}\r\n__exception__\r\n"));
    }

    private static string Text(EngineException error, EngineHost engine)
    {
        var text = error.Message.TrimEnd();
        return text.Contains("(version ", StringComparison.Ordinal) ? text + "\n" : $"{text} (version {engine.Version})\n";
    }
}
