using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Testing;

/// <summary>
/// A TCP proxy before a real HTTP server that does to each request what a script says. One request a connection on the server's side;
/// request bodies have a Content-Length.
/// </summary>
public sealed class FaultyHttpProxy : IAsyncDisposable
{
    private static readonly byte[] Interim = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Uri _server;
    private readonly Task _accepting;

    public FaultyHttpProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Asked for each request with its decoded target and body length; none unless set.</summary>
    public Func<string, int, HttpFault>? Script { get; set; }

    /// <summary>Requests that a fault was done to, by fault.</summary>
    public ConcurrentDictionary<HttpFault, int> Done { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(Task.Run(() => ServeAsync(client)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await ServeAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!Ends(head))
        {
            if (await client.ReadAsync(one, _stop.Token) == 0)
                return;
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var length = lines.Select(line => line.Split(':', 2)).Where(pair => pair[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Select(pair => int.Parse(pair[1])).FirstOrDefault();
        var body = new byte[length];
        await client.ReadExactlyAsync(body, _stop.Token);
        var fault = Script?.Invoke(Uri.UnescapeDataString(lines[0]), length) ?? HttpFault.None;
        Done.AddOrUpdate(fault, 1, (_, count) => count + 1);
        var request = Encoding.ASCII.GetBytes(string.Join("\r\n", lines.Where(line => !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)).SkipLast(2).Append("Connection: close")) + "\r\n\r\n");
        await AnswerAsync(client, fault, request, body);
    }

    private async Task AnswerAsync(NetworkStream client, HttpFault fault, byte[] head, byte[] body)
    {
        switch (fault)
        {
            case HttpFault.RequestCut:
                await AskAsync(head, body.AsMemory(0, body.Length / 2), cut: true);
                return;
            case HttpFault.AnswerLost:
                await AskAsync(head, body);
                return;
            case HttpFault.Silence:
                await AskAsync(head, body);
                _ = await client.ReadAsync(new byte[1], _stop.Token);
                return;
            case HttpFault.Status500:
                await client.WriteAsync(Answer("500 Internal Server Error", "", "made up"), _stop.Token);
                return;
            case HttpFault.ErrorInHeader:
                await client.WriteAsync(Answer("200 OK", "X-ClickHouse-Exception-Code: 241\r\n", "Code: 241. DB::Exception: made up"), _stop.Token);
                return;
            case HttpFault.ErrorInBody:
                await client.WriteAsync(Answer("200 OK", "", "Code: 241. DB::Exception: made up (MEMORY_LIMIT_EXCEEDED)\n"), _stop.Token);
                return;
            case HttpFault.ErrorAfterDone:
                await AskAsync(head, body);
                await client.WriteAsync(Answer("200 OK", "", "Code: 241. DB::Exception: made up (MEMORY_LIMIT_EXCEEDED)\n"), _stop.Token);
                return;
        }

        var answer = await AskAsync(head, body);
        if (fault == HttpFault.Slow)
            await Task.Delay(150, _stop.Token);
        if (fault == HttpFault.AnswerCut)
        {
            await client.WriteAsync(answer.AsMemory(0, answer.Length / 2), _stop.Token);
            return;
        }

        for (var times = fault == HttpFault.SlowContinue ? 3 : 0; times > 0; times--)
        {
            foreach (var octet in Interim)
                await client.WriteAsync(new[] { octet }, _stop.Token);
            await Task.Delay(30, _stop.Token);
        }

        if (fault == HttpFault.Dripping)
        {
            for (var at = 0; at < answer.Length; at += Math.Max(1, answer.Length / 20))
            {
                await client.WriteAsync(answer.AsMemory(at, Math.Min(Math.Max(1, answer.Length / 20), answer.Length - at)), _stop.Token);
                await Task.Delay(5, _stop.Token);
            }

            return;
        }

        await client.WriteAsync(answer, _stop.Token);
    }

    private async Task<byte[]> AskAsync(byte[] head, ReadOnlyMemory<byte> body, bool cut = false)
    {
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
        var stream = server.GetStream();
        await stream.WriteAsync(head, _stop.Token);
        await stream.WriteAsync(body, _stop.Token);
        if (cut)
            return [];
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, _stop.Token);
        return answer.ToArray();
    }

    private static byte[] Answer(string status, string headers, string body) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    private static bool Ends(List<byte> head) => head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}
