using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Delivery.Mta.Tests.Jobs.Uploads;

/// <summary>What an upstream app does with a job of any size.</summary>
internal static class Uploading
{
    public const string Ndjson = "application/x-ndjson";

    public static string Line(int n) => JsonSerializer.Serialize(MtaFixture.Recipient(n));

    /// <summary>Recipients from one number to before another, a line each.</summary>
    public static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(n => Line(n) + "\n"));

    public static async Task<string> OpenAsync(this MtaFixture mta)
    {
        var job = MtaFixture.Job(0);
        job["recipients"] = null;
        using var answer = await mta.PostAsync(job);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return body.GetProperty("id").GetString()!;
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(
        this MtaFixture mta, string job, HttpContent content, long? fromLine = null, HttpClient? client = null)
    {
        using var answer = await (client ?? mta.Client).PostAsync($"/v1/jobs/{job}/recipients{(fromLine is { } line ? $"?from_line={line}" : "")}", content);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(this MtaFixture mta, string job, string text, long? fromLine = null, string type = Ndjson) =>
        mta.UploadAsync(job, Content(Encoding.UTF8.GetBytes(text), type), fromLine);

    public static async Task<(HttpStatusCode Status, JsonElement Body)> StartAsync(this MtaFixture mta, string job)
    {
        using var answer = await mta.Client.PostAsync($"/v1/jobs/{job}/start", null);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static ByteArrayContent Content(byte[] bytes, string type = Ndjson, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    public static byte[] Gzip(string text) => Gzip(output => output.Write(Encoding.UTF8.GetBytes(text)));

    public static byte[] Gzip(Action<Stream> write)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            write(gzip);
        return compressed.ToArray();
    }

    /// <summary>A connection on which an upload has begun: its head is sent, the body follows in chunks.</summary>
    public static async Task<Socket> BeginUploadAsync(this MtaFixture mta, string job, string query = "")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, mta.Program.Url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/jobs/{job}/recipients{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {MtaFixture.Key}\r\nContent-Type: {Ndjson}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        return socket;
    }

    public static async Task SendChunkAsync(this Socket socket, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"));
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        await socket.SendAsync("\r\n"u8.ToArray());
    }

    /// <summary>All that the program answers on a connection until it closes or cuts it.</summary>
    public static async Task<string> ReadToEndAsync(this Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var read)
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Cut: what came before it counts.
        }

        return answer.ToString();
    }

    public static long Lines(this JsonElement status) => status.GetProperty("lines").GetInt64();

    public static string State(this JsonElement status) => status.GetProperty("state").GetString()!;
}
