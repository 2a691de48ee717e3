using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Cli.Bench.Track;

/// <summary>Asks over kept connections, each one request at a time, as fast as answers come or at a rate, and times every answer. What it asks with costs the same for every server.</summary>
internal static class HttpLoad
{
    private const double Percent99 = 0.99;

    /// <param name="requests">Whole requests as bytes; used in turn, again from the first when all were.</param>
    /// <param name="perSecond">At which rate requests come, whatever the answers do; 0 for as fast as they do. Times run from when a request came.</param>
    /// <param name="expected">The status that every answer must have.</param>
    /// <exception cref="LaunchException">An answer has another status, or a connection broke.</exception>
    public static async Task<TrackRow> RunAsync(string name, IPEndPoint server, int connections, long count, byte[][] requests, int expected, double perSecond, CancellationToken stop)
    {
        var arrivals = perSecond > 0 ? Arrivals.Start(perSecond, count, stop) : null;
        var ticks = new long[count];
        var next = -1L;
        var answerBytes = 0;
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(AskAsync, stop)));
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Array.Sort(ticks);
        return new TrackRow(
            name, Math.Round(count / seconds, 1), Microseconds(ticks[count / 2]), Microseconds(ticks[(long)(count * Percent99)]), answerBytes);

        async Task AskAsync()
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, stop);
            var buffer = new byte[8192];
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var asked = arrivals is null ? Stopwatch.GetTimestamp() : await arrivals.ReadAsync(stop);
                await socket.SendAsync(requests[i % requests.Length], stop);
                var length = 0;
                var wanted = int.MaxValue;
                while (length < wanted)
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
                    if (read == 0)
                        throw new LaunchException($"{name}: the server closed a connection", ExitCodes.Failure);
                    length += read;
                    if (wanted == int.MaxValue)
                        wanted = Length(name, buffer.AsSpan(0, length), expected);
                }

                answerBytes = length;
                ticks[i] = Stopwatch.GetTimestamp() - asked;
            }
        }
    }

    /// <summary>Bytes of the whole answer, or int.MaxValue where its head is not here yet.</summary>
    private static int Length(string name, ReadOnlySpan<byte> answer, int expected)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return int.MaxValue;
        if (!Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) || status != expected)
            throw new LaunchException($"{name}: the answer is not {expected} but {Encoding.ASCII.GetString(answer[..answer.IndexOf((byte)'\r')])}", ExitCodes.Failure);
        var field = answer[..head].IndexOf("\r\nContent-Length: "u8);
        if (field < 0 || !Utf8Parser.TryParse(answer[(field + "\r\nContent-Length: ".Length)..], out int body, out _))
            throw new LaunchException($"{name}: the answer does not say its length", ExitCodes.Failure);
        return head + 4 + body;
    }

    private static double Microseconds(long ticks) => Math.Round(ticks * 1e6 / Stopwatch.Frequency, 1);
}
