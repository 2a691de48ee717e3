using System.Net.Sockets;
using System.Threading.Channels;

namespace Delivery.Mta.Smtp;

/// <summary>
/// One connection to a peer: <see cref="OpenAsync"/>, then <see cref="RunAsync"/>, then dispose. Cancelling the
/// token given to <see cref="OpenAsync"/> lets transactions in flight finish within
/// <see cref="SmtpOptions.StopTimeout"/>. Not thread-safe.
/// </summary>
/// <param name="trust">What is known of the peer's CHUNKING; null where every connection finds out for itself.</param>
internal sealed class SmtpConnection(SmtpOptions options, TimeProvider time, ChunkingTrust? trust = null) : IDisposable
{
    private readonly string _host = $"{options.RelayHost}:{options.RelayPort}";
    private readonly SmtpDeadline _deadline = new(time);
    private readonly SmtpReplyReader _reader = new(options);
    private readonly SmtpWriter _writer = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private CancellationTokenRegistration _stop;
    private NetworkStream? _stream;
    private SmtpSession? _session;
    private long _asked;
    private TimeSpan _roundTrip = TimeSpan.MaxValue;
    private bool _chunks;

    public SmtpCapabilities Capabilities { get; private set; } = new();

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
            _chunks = await AgreeOnChunkingAsync(stopping);
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
        _session = new SmtpSession(
            _socket, stream, _reader, _writer, _deadline, options, time, Capabilities, source, _host, onFirstFinished);
        if (_chunks) await RunChunkedAsync(_session);
        else if (Capabilities.Pipelining) await new PipelinedConversation(_session).RunAsync();
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

    /// <summary>Several in flight are worth their work where a round trip is long; the shortest one seen counts.</summary>
    private bool WantsChunking =>
        options.Chunking == SmtpChunking.Auto && Capabilities is { Chunking: true, Pipelining: true }
        && trust is not { IsLost: true } && _roundTrip >= options.ChunkingMinRoundTrip;

    private async Task<bool> AgreeOnChunkingAsync(CancellationToken stopping)
    {
        if (!WantsChunking) return false;
        ChunkProbe.Write(_writer);
        try
        {
            await FlushAsync();
            await ChunkProbe.ReadAsync(ReadAsync);
        }
        catch (SmtpConnectionException e) when (e.Loss is not (SmtpLoss.Broken or SmtpLoss.Refused))
        {
            trust?.Lose(e.Message);
            throw new SmtpConnectionException(SmtpLoss.Unfit, e.Message, e);
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            trust?.Doubt("no answer to a BDAT without recipients");
            throw;
        }
        return WantsChunking;
    }

    private async Task RunChunkedAsync(SmtpSession session)
    {
        try
        {
            await new ChunkedConversation(session, options, time).RunAsync();
        }
        catch (SmtpConnectionException e) when (e.Loss is SmtpLoss.Unfit or SmtpLoss.Malformed)
        {
            trust?.Lose(e.Message);
            throw;
        }
        catch (SmtpConnectionException e) when (e.Loss is SmtpLoss.TimedOut or SmtpLoss.Broken && session.Finished == 0)
        {
            trust?.Doubt(e.Message);
            throw;
        }
        finally
        {
            if (session.Finished > 0) trust?.Keep();
        }
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

    private ValueTask FlushAsync()
    {
        _asked = time.GetTimestamp();
        return _writer.FlushAsync(_stream!, _deadline, options.GreetingTimeout);
    }

    private async ValueTask<ushort> ReadAsync()
    {
        var code = await _reader.ReadAsync(_stream!, _deadline, options.GreetingTimeout);
        if (_asked != 0 && time.GetElapsedTime(_asked) is var took && took < _roundTrip) _roundTrip = took;
        return code;
    }

    private SmtpConnectionException Refused(string what) => new(SmtpLoss.Refused, what) { Reply = _reader.TakeReply() };
}
