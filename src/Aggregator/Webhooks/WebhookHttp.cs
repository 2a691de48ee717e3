using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Delivery.Aggregator.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator.Webhooks;

/// <summary>
/// Sends signed requests to receivers, and to nowhere else: no redirect is followed, no proxy asked, no cookie kept, and the address is
/// checked when it is dialled, after the host was looked up once. Thread-safe.
/// </summary>
internal sealed class WebhookHttp : IDisposable
{
    private const int MaxAnswerBytes = 2_048;
    private const int MaxAnswerText = 1_000;

    /// <summary>One text for whatever a name leads to, so that nobody learns which names there are in the network of this machine.</summary>
    private const string NowhereToGo =
        "the host is not known, or leads to no address that webhooks may go to: one that is public, or in a network of Aggregator:Webhooks:AllowedNetworks";

    private readonly TargetRules _rules;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ILogger<WebhookHttp> _log;

    public WebhookHttp(TargetRules rules, IOptions<AggregatorOptions> options, TimeProvider time, ILogger<WebhookHttp> log)
    {
        (_rules, _options, _time, _log) = (rules, options.Value.Webhooks, time, log);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = _options.ConnectTimeout,
            ConnectCallback = ConnectAsync,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MaxAnswerBytes,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PreAuthenticate = false,
            Credentials = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>One attempt; whatever fails is in the result, but a cancellation.</summary>
    /// <param name="id">Of the batch; holds no full stop.</param>
    public async Task<AttemptResult> SendAsync(Subscription subscription, string id, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = Request(subscription, id, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token).ConfigureAwait(false);
            var answer = await AnswerAsync(response, ended.Token).ConfigureAwait(false);
            return new AttemptResult((int)response.StatusCode, Fault(response), answer, _time.GetElapsedTime(began), RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(deadline.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.Timeout.TotalSeconds} s")
                : string.Create(CultureInfo.InvariantCulture, $"no connection within {_options.ConnectTimeout.TotalSeconds} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidOperationException or UriFormatException)
        {
            return Failed(Words(e));
        }

        AttemptResult Failed(string error) => new(null, error, "", _time.GetElapsedTime(began), null);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Subscription subscription, string id, ReadOnlyMemory<byte> body)
    {
        var now = _time.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Delivery-Webhooks/1.0");
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSecret.Sign(WebhookSecret.Of(subscription, now), id, timestamp, body.Span));
        return request;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var allowed = await AllowedAsync(host, cancellation).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(allowed[i], port, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < allowed.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>One or more.</summary>
    /// <exception cref="RefusedTargetException">There is none; why is for the operator alone.</exception>
    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken cancellation)
    {
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
            if (addresses.Where(_rules.Allows).ToArray() is { Length: > 0 } allowed)
                return allowed;
            Log.WebhookTargetRefused(_log, host, $"it leads to {string.Join(", ", addresses.Take(5))}, neither public nor in a network of Aggregator:Webhooks:AllowedNetworks");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            Log.WebhookTargetRefused(_log, host, e.Message);
        }

        throw new RefusedTargetException(NowhereToGo);
    }

    /// <summary>The beginning, for people to read; an answer without an end is not waited for beyond it.</summary>
    private static async Task<string> AnswerAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[MaxAnswerBytes];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status says whether the receiver took the batch; what else it wanted to say is lost.
        }

        var text = new string([.. Encoding.UTF8.GetString(buffer, 0, length).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > MaxAnswerText ? text[..MaxAnswerText] : text;
    }

    private static string? Fault(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => $"the receiver answered {(int)response.StatusCode}: redirects are not followed, give the address that it leads to",
        410 => "the receiver answered 410: it wants no more",
        var status => $"the receiver answered {status}",
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private static string Words(Exception e)
    {
        for (var at = e; at is not null; at = at.InnerException)
        {
            if (at is RefusedTargetException)
                return at.Message;
            if (at is AuthenticationException)
                return "TLS failed: " + at.Message.ReplaceLineEndings(" ");
            if (at is SocketException socket)
                return "the connection failed: " + socket.SocketErrorCode;
        }

        return e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "TLS failed"
            : "the connection broke: " + ((e as HttpRequestException)?.HttpRequestError.ToString() ?? e.GetType().Name);
    }
}

/// <summary>A host that webhooks may not go to.</summary>
internal sealed class RefusedTargetException(string message) : IOException(message);
