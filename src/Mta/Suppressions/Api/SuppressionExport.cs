using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Suppressions;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>
/// Writes all suppressions of an account, some at a time, in the form that an import takes. One that changes meanwhile may be there or not, and one may
/// be there twice.
/// </summary>
/// <param name="reason">Null for any.</param>
/// <param name="list">Null for any.</param>
internal sealed class SuppressionExport(IDatabaseAsync redis, RedisKey hash, bool csv, SuppressionReason? reason, uint? list) : IResult
{
    private const int AtOnce = 2_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly List<SuppressedFor> _reasons = [];
    private RedisValue[] _pairs = [];
    private string _cursor = "0";

    /// <summary>Reads the first page, so that what is wrong can be told while there is still another answer.</summary>
    /// <exception cref="RedisException">Redis did not answer; also <see cref="TimeoutException"/>.</exception>
    public async Task ReadAsync()
    {
        var page = (RedisResult[])(await redis.ExecuteAsync("HSCAN", hash, _cursor, "COUNT", AtOnce).WaitAsync(Deadline).ConfigureAwait(false))!;
        _cursor = (string)page[0]!;
        _pairs = (RedisValue[])page[1]!;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        var output = response.BodyWriter;
        if (csv)
            output.Write("key,reason,list,since\r\n"u8);
        using var json = new Utf8JsonWriter(output);
        try
        {
            while (true)
            {
                for (var i = 0; i + 1 < _pairs.Length; i += 2)
                    Write(json, output, (string)_pairs[i]!, (string)_pairs[i + 1]!);
                await output.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
                if (_cursor == "0")
                    return;
                await ReadAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // The caller must see that this is not all.
            httpContext.Abort();
        }
    }

    private void Write(Utf8JsonWriter json, IBufferWriter<byte> output, string key, string value)
    {
        _reasons.Clear();
        SuppressionValue.Parse(value, _reasons);
        foreach (var why in _reasons)
        {
            if ((reason is { } wanted && wanted != why.Reason) || (list is { } number && number != why.List))
                continue;
            var since = DateTimeOffset.FromUnixTimeMilliseconds(why.TimeMs).UtcDateTime;
            if (csv)
            {
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{key},{SuppressionReasons.Word(why.Reason)},{why.List},{since:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\r\n"), output);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("reason", SuppressionReasons.Word(why.Reason));
            json.WriteNumber("list", why.List);
            json.WriteString("since", since);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.Write("\n"u8);
        }
    }
}
