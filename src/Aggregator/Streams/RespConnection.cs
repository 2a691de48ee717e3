using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Delivery.Aggregator.Streams;

/// <summary>A connection to one Redis that does nothing but read ranges of streams (RESP 2). After an exception it is of no more use. One call at a time.</summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Stream _stream;
    private readonly StringBuilder _command = new();
    private byte[] _buffer = new byte[256 * 1024];

    private RespConnection(Stream stream) => _stream = stream;

    /// <summary>Connects, and says who we are where the settings name a password, a database or a client.</summary>
    /// <exception cref="RespException">Nobody answers at the address, or it does not let us in.</exception>
    public static async Task<RespConnection> OpenAsync(ConfigurationOptions configuration, CancellationToken cancellation)
    {
        var endPoint = configuration.EndPoints[0];
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (configuration.Ssl)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = configuration.SslHost ?? HostOf(endPoint) }, cancellation).ConfigureAwait(false);
            }

            var connection = new RespConnection(stream);
            if (!string.IsNullOrEmpty(configuration.Password))
                await connection.SayAsync(["AUTH", configuration.Password], cancellation).ConfigureAwait(false);
            if (configuration.DefaultDatabase is { } database and not 0)
                await connection.SayAsync(["SELECT", database.ToString(CultureInfo.InvariantCulture)], cancellation).ConfigureAwait(false);
            await connection.SayAsync(["CLIENT", "SETNAME", configuration.ClientName], cancellation).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
            throw new RespException($"Redis cannot be reached: {e.Message}", inner: e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds what <c>XRANGE</c> answers to <paramref name="page"/>; the records point into this connection's buffer until the next call.</summary>
    /// <exception cref="RespException">Redis refused the command, or the connection broke.</exception>
    /// <exception cref="InvalidDataException">The answer is none of RESP 2.</exception>
    public async Task RangeAsync(string stream, string from, string to, int count, List<StreamEntry> page, CancellationToken cancellation)
    {
        var answer = await AskAsync(["XRANGE", stream, from, to, "COUNT", count.ToString(CultureInfo.InvariantCulture)], cancellation).ConfigureAwait(false);
        RespEntries.Read(answer, page);
    }

    public void Dispose() => _stream.Dispose();

    private async Task SayAsync(string[] words, CancellationToken cancellation) => RespAnswer.Demand((await AskAsync(words, cancellation).ConfigureAwait(false)).Span);

    private async Task<ReadOnlyMemory<byte>> AskAsync(string[] words, CancellationToken cancellation)
    {
        try
        {
            _command.Clear().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (var word in words)
                _command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n").Append(word).Append("\r\n");
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(_command.ToString()), cancellation).ConfigureAwait(false);
            await _stream.FlushAsync(cancellation).ConfigureAwait(false);
            return await AnswerAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new RespException($"The connection to Redis broke: {e.Message}", inner: e);
        }
    }

    /// <summary>One whole answer: nothing follows it, since nothing else was asked.</summary>
    private async Task<ReadOnlyMemory<byte>> AnswerAsync(CancellationToken cancellation)
    {
        var answer = new RespAnswer();
        for (var length = 0; ;)
        {
            if (length == _buffer.Length || answer.Needs > _buffer.Length)
                Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(_buffer.Length * 2L, answer.Needs)));
            var read = await _stream.ReadAsync(_buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("it was closed in the middle of an answer");
            length += read;
            if (answer.IsWhole(_buffer.AsSpan(0, length)))
                return _buffer.AsMemory(0, length);
        }
    }

    private static string HostOf(EndPoint endPoint) => endPoint is DnsEndPoint named ? named.Host : ((IPEndPoint)endPoint).Address.ToString();
}
