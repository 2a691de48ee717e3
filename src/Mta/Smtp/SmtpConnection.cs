using System.Net.Sockets;
using System.Threading.Channels;

namespace Delivery.Mta.Smtp;

/// <summary>
/// One connection to a peer: <see cref="OpenAsync"/>, then <see cref="RunAsync"/>, then dispose. Cancelling the
/// token given to <see cref="OpenAsync"/> lets transactions in flight finish within
/// <see cref="SmtpOptions.StopTimeout"/>. Not thread-safe.
/// </summary>
internal sealed class SmtpConnection(SmtpOptions options, TimeProvider time) : IDisposable
{
    private readonly string _host = $"{options.RelayHost}:{options.RelayPort}";
    private readonly SmtpDeadline _deadline = new(time);
    private readonly SmtpReplyReader _reader = new(options);
    private readonly SmtpWriter _writer = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private CancellationTokenRegistration _stop;
    private NetworkStream? _stream;
    private SmtpSession? _session;

    /// <summary>Null where nobody watches.</summary>
    public SmtpInsight? Insight { get; init; }

    public SmtpCapabilities Capabilities { get; private set; } = new();

    /// <summary>How a trace calls it.</summary>
    public int Number { get; init; }

    /// <summary>Messages whose outcome the peer decided on this connection.</summary>
    public int Finished => _session?.Finished ?? 0;

    /// <summary>
    /// Connects, reads the banner and greets. Throws <see cref="SmtpConnectionException"/> when the peer is not
    /// there or does not want us.
    /// </summary>
    public async Task OpenAsync(CancellationToken stopping)
    {
        _stop = stopping.UnsafeRegister(
            static state => ((SmtpConnection)state!)._deadline.Stop(((SmtpConnection)state).StopTimeout), this);
        try
        {
            _deadline.Arm(options.ConnectTimeout);
            await _socket.ConnectAsync(options.RelayHost, options.RelayPort, _deadline.Token);
            _stream = new NetworkStream(_socket, ownsSocket: true);
            if (await ReadAsync() != 220) throw Refused("the peer's banner refuses the session");
            await GreetAsync(EhloName.Choose(options.EhloName, _socket.LocalEndPoint));
        }
        catch (OperationCanceledException e)
        {
            throw stopping.IsCancellationRequested
                ? new SmtpConnectionException(SmtpLoss.Stopped, "stopped while connecting", e)
                : new SmtpConnectionException(SmtpLoss.TimedOut, "timed out while connecting", e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new SmtpConnectionException(SmtpLoss.Broken, e.Message, e);
        }
    }

    /// <summary>
    /// Sends messages from the channel until none comes for <see cref="SmtpOptions.IdleTimeout"/>, the connection has
    /// had <see cref="SmtpOptions.MaxMessagesPerConnection"/>, the channel is completed or a stop; then says QUIT.
    /// Throws <see cref="SmtpConnectionException"/> when the connection died. Each message taken is completed once.
    /// </summary>
    /// <param name="onFirstFinished">Called when the peer has decided about a first message: it is of use.</param>
    public async Task RunAsync(ChannelReader<OutgoingMessage> messages, Action? onFirstFinished = null)
    {
        var stream = _stream ?? throw new InvalidOperationException("The connection is not open.");
        var source = new SmtpMessageSource(messages, Capabilities, _deadline, options);
        var watch = Insight is null ? null : new SessionWatch(Insight, Number);
        _writer.Watch = watch;
        _session = new SmtpSession(
            _socket, stream, _reader, _writer, _deadline, options, time, Capabilities, source, _host, onFirstFinished) { Watch = watch };
        if (Capabilities.Pipelining) await new PipelinedConversation(_session).RunAsync();
        else await new LockStepConversation(_session).RunAsync();
        await QuitAsync(stream);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _stream?.Dispose();
        _socket.Dispose();
        _deadline.Dispose();
    }

    private TimeSpan StopTimeout => options.StopTimeout;

    private async Task GreetAsync(string name)
    {
        _reader.Capabilities = Capabilities;
        _writer.Ehlo(name);
        await FlushAsync();
        var code = await ReadAsync();
        _reader.Capabilities = null;
        if (code / 100 == 2) return;
        if (code / 100 != 5) throw Refused("the peer refuses EHLO");

        Capabilities = new SmtpCapabilities();
        _writer.Helo(name);
        await FlushAsync();
        if (await ReadAsync() / 100 != 2) throw Refused("the peer refuses EHLO and HELO");
    }

    /// <summary>A courtesy: nothing depends on its success.</summary>
    private async Task QuitAsync(NetworkStream stream)
    {
        using var deadline = new SmtpDeadline(time);
        deadline.Arm(options.QuitTimeout);
        try
        {
            _writer.Quit();
            await _writer.FlushAsync(stream, deadline, options.QuitTimeout);
            await _reader.ReadAsync(stream, deadline, options.QuitTimeout);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SmtpConnectionException)
        {
        }
    }

    private ValueTask FlushAsync() => _writer.FlushAsync(_stream!, _deadline, options.GreetingTimeout);

    private ValueTask<ushort> ReadAsync() => _reader.ReadAsync(_stream!, _deadline, options.GreetingTimeout);

    private SmtpConnectionException Refused(string what) => new(SmtpLoss.Refused, what) { Reply = _reader.TakeReply() };
}
