using System.Globalization;
using Delivery.EmbeddedClickHouse.Engine;
using Microsoft.Extensions.Primitives;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>Reads ClickHouse's HTTP parameters.</summary>
internal sealed class QueryRequestReader(EngineHost engine)
{
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "user", "password", "client_protocol_version", "buffer_size", "quota_key", "stacktrace",
    };

    private static readonly TimeSpan DefaultSessionTimeout = TimeSpan.FromSeconds(60);

    /// <exception cref="EngineException">A parameter is unknown, is not supported, or may not be set by this user.</exception>
    public QueryRequest Read(HttpRequest request, IEnumerable<KeyValuePair<string, StringValues>> form, Caller caller)
    {
        var reader = caller.Reader;
        var names = new List<string>();
        var values = new List<string>();
        var settings = new List<KeyValuePair<string, string>>();
        string query = "", database = "", format = "", queryId = "", comment = "", readOnly = "0", session = "";
        var sessionTimeout = DefaultSessionTimeout;
        bool buffered = false, compress = false, progress = false, sessionCheck = false, closeSession = false;
        foreach (var (key, all) in request.Query.Concat(form))
        {
            var value = all.Count == 0 ? string.Empty : all[^1] ?? string.Empty;
            switch (key)
            {
                case "query": query = string.Concat(all.ToArray()); break;
                case "database": database = value; break;
                case "default_format": format = value; break;
                case "query_id": queryId = value; break;
                case "wait_end_of_query" or "http_wait_end_of_query": buffered = IsTrue(value); break;
                case "enable_http_compression": compress = IsTrue(value); break;
                case "log_comment": comment = value; break;
                case "send_progress_in_http_headers": progress = IsTrue(value); break;
                case "session_id": session = value; break;
                case "session_check": sessionCheck = IsTrue(value); break;
                case "session_timeout": sessionTimeout = ReadTimeout(value); break;
                case "close_session" when IsTrue(value): closeSession = true; break;
                case "close_session": break;
                case "readonly" when !reader: readOnly = value; break;
                case "compress" or "decompress" or "role" when !IsTrue(value): break;
                case "compress" or "decompress":
                    throw EngineException.Of(48, "NOT_IMPLEMENTED", $"{key}=1 is not supported by the embedded engine. Use enable_http_compression=1 and Content-Encoding");
                case "role":
                    throw EngineException.Of(511, "UNKNOWN_ROLE", $"There is no role {value}");
                case var _ when WithoutEffect.Contains(key): break;
                case var _ when key.StartsWith("param_", StringComparison.Ordinal):
                    names.Add(key[6..]);
                    values.Add(value);
                    break;
                default: settings.Add(Check(key, value, reader)); break;
            }
        }

        if (reader) readOnly = "1";
        else if (HttpMethods.IsGet(request.Method) && readOnly is "0" or "") readOnly = "2";
        if (readOnly is not ("0" or "1" or "2")) throw EngineException.Of(72, "CANNOT_PARSE_NUMBER", $"Cannot parse readonly={readOnly}: it is 0, 1 or 2");
        if (reader) session = string.Empty;
        if (readOnly != "0" && session.Length == 0) settings.Add(new("readonly", readOnly));
        return new QueryRequest
        {
            QueryId = queryId.Length > 0 ? queryId : Guid.NewGuid().ToString(),
            UrlQuery = query,
            Database = Or(database, request.Headers["X-ClickHouse-Database"].ToString()),
            DefaultFormat = Or(Or(format, request.Headers["X-ClickHouse-Format"].ToString()), OutputFormat.Default),
            Reader = reader,
            Account = caller.Account,
            Buffered = buffered,
            Compress = compress && request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase),
            Parameters = new StatementParameters(names, values),
            Settings = settings,
            LogComment = comment,
            SessionId = session,
            SessionTimeout = closeSession ? TimeSpan.Zero : sessionTimeout,
            SessionCheck = sessionCheck,
            ReadOnlySession = session.Length > 0 && readOnly != "0",
            Progress = progress,
        };
    }

    private KeyValuePair<string, string> Check(string name, string value, bool reader)
    {
        // The engine ignores a connection argument that is no setting, so the name is checked here first.
        if (!engine.Settings.Contains(name))
            throw EngineException.Of(115, "UNKNOWN_SETTING", string.Create(CultureInfo.InvariantCulture, $"Setting {name} is neither a builtin setting nor started with the prefix 'param_'"));
        if (!SettingAllowList.Allows(name, reader))
            throw EngineException.Of(115, "UNKNOWN_SETTING", $"Setting {name} cannot be set over HTTP on the embedded engine");
        if (value.Contains('\0', StringComparison.Ordinal))
            throw EngineException.Of(36, "BAD_ARGUMENTS", $"The value of setting {name} has a NUL character");
        return new(name, value);
    }

    private static TimeSpan ReadTimeout(string value)
    {
        if (!uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            throw EngineException.Of(374, "INVALID_SESSION_TIMEOUT", $"Invalid session timeout: '{value}'");
        return seconds <= SessionTable.LongestTimeout.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(1, seconds)) : throw EngineException.Of(
            374, "INVALID_SESSION_TIMEOUT", string.Create(CultureInfo.InvariantCulture, $"Session timeout '{value}' is larger than max_session_timeout: {SessionTable.LongestTimeout.TotalSeconds:0}"));
    }

    private static string Or(string first, string second) => first.Length > 0 ? first : second;

    private static bool IsTrue(string value) => value is not ("" or "0" or "false");
}
