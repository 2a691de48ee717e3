using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>
/// One connection to a peer: <see cref="OpenAsync"/>, then <see cref="RunAsync"/>, then dispose. Cancelling the
/// token given to <see cref="OpenAsync"/> lets transactions in flight finish within
/// <see cref="SmtpOptions.StopTimeout"/>. Not thread-safe.
/// </summary>
/// <param name="security">What the relay's connections share; null where there is only this one.</param>
/// <param name="trust">What is known of the peer's CHUNKING; null where every connection finds out for itself.</param>
internal sealed class SmtpConnection(SmtpOptions options, TimeProvider time, RelaySecurity? security = null, ChunkingTrust? trust = null) : IDisposable
{
    private readonly string _host = $"{options.RelayHost}:{options.RelayPort}";
    private readonly SmtpDeadline _deadline = new(time);
    private readonly SmtpReplyReader _reader = new(options);
    private readonly SmtpWriter _writer = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private CancellationTokenRegistration _stop;
    private Stream? _stream;
    private SmtpSession? _session;
    private long _openedAt;
    private TimeSpan _roundTrip;
    private bool _chunks;

    /// <summary>Null where nobody watches.</summary>
    public SmtpInsight? Insight { get; init; }

    public SmtpCapabilities Capabilities { get; private set; } = new();

    /// <summary>How a trace calls it.</summary>
    public int Number { get; init; }

    /// <summary>Null in the clear.</summary>
    public TlsChannel? Tls { get; private set; }

    /// <summary>Messages whose outcome the peer decided on this connection.</summary>
    public int Finished => _session?.Finished ?? 0;

    /// <summary>
    /// Connects, greets, and has TLS and logs in as the options ask for. Throws <see cref="SmtpConnectionException"/> when
    /// the peer is not there, does not want us or is not what it should be.
    /// </summary>
    public async Task OpenAsync(CancellationToken stopping)
    {
        _stop = stopping.UnsafeRegister(
            static state => ((SmtpConnection)state!)._deadline.Stop(((SmtpConnection)state).StopTimeout), this);
        try
        {
            _deadline.Arm(options.ConnectTimeout);
            await _socket.ConnectAsync(options.RelayHost, options.RelayPort, _deadline.Token);
            _openedAt = time.GetTimestamp();
            await GreetAsync(new SmtpOpening(options, security ?? new RelaySecurity(options, time), _reader, _writer, _deadline, _socket, time));
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
    /// had <see cref="SmtpOptions.MaxMessagesPerConnection"/> or is <see cref="SmtpOptions.MaxConnectionAge"/> old, the channel is completed or a stop; then says QUIT.
    /// Throws <see cref="SmtpConnectionException"/> when the connection died. Each message taken is completed once.
    /// </summary>
    /// <param name="onFirstFinished">Called when the peer has decided about a first message: it is of use.</param>
    public async Task RunAsync(ChannelReader<OutgoingMessage> messages, Action? onFirstFinished = null)
    {
        var stream = _stream ?? throw new InvalidOperationException("The connection is not open.");
        _deadline.EndOpening();
        var source = new SmtpMessageSource(messages, Capabilities, _deadline, options, time, _openedAt);
        var watch = Insight is null ? null : new SessionWatch(Insight, Number);
        _writer.Watch = watch;
        _session = new SmtpSession(
            _socket, stream, _reader, _writer, _deadline, options, time, Capabilities, source, _host, onFirstFinished) { Watch = watch };
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

    private async Task GreetAsync(SmtpOpening opening)
    {
        try
        {
            await opening.RunAsync();
        }
        finally
        {
            _stream = opening.Stream;
            (Capabilities, Tls, _roundTrip) = (opening.Capabilities, opening.Tls, opening.RoundTrip);
        }
    }

    /// <summary>Several in flight are worth their work where a round trip is long; the shortest one seen counts.</summary>
    private bool WantsChunking =>
        options.Chunking == SmtpChunking.Auto && Capabilities is { Chunking: true, Pipelining: true }
        && trust is not { IsLost: true } && _roundTrip >= options.ChunkingMinRoundTrip;

    private async Task<bool> AgreeOnChunkingAsync(CancellationToken stopping)
    {
        if (!WantsChunking) return false;
        var asked = time.GetTimestamp();
        try
        {
            await new ChunkProbe(_stream!, _reader, _writer, _deadline, options.GreetingTimeout).RunAsync();
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
        if (time.GetElapsedTime(asked) is var took && took < _roundTrip) _roundTrip = took;
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
    private async Task QuitAsync(Stream stream)
    {
        using var deadline = new SmtpDeadline(time);
        deadline.Arm(options.QuitTimeout);
        try
        {
            _writer.Quit();
            await _writer.FlushAsync(stream, deadline, options.QuitTimeout);
            await _reader.ReadAsync(stream, deadline, options.QuitTimeout);
            if (stream is SslStream tls) await tls.ShutdownAsync().WaitAsync(deadline.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SmtpConnectionException)
        {
        }
    }
}
