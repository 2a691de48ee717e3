using System.Net.Sockets;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Brings a connected socket to the point where mail can be sent: banner, EHLO, STARTTLS and EHLO again, AUTH, as the
/// options ask for. For one connection, once.
/// </summary>
internal sealed class SmtpOpening(
    SmtpOptions options, RelaySecurity security, SmtpReplyReader reader, SmtpWriter writer, SmtpDeadline deadline, Socket socket,
    TimeProvider time)
{
    /// <summary>What the peer said to STARTTLS where it said no.</summary>
    private SmtpReply _noTls;

    /// <summary>What to talk over; the caller disposes it whatever became of the opening.</summary>
    public Stream Stream { get; private set; } = new NetworkStream(socket, ownsSocket: true);

    public SmtpCapabilities Capabilities { get; private set; } = new();

    /// <summary>Null in the clear.</summary>
    public TlsChannel? Tls { get; private set; }

    /// <summary>The shortest time that an answer took.</summary>
    public TimeSpan RoundTrip { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Throws <see cref="SmtpConnectionException"/> when the peer does not want us, or we do not want it.</summary>
    public async Task RunAsync()
    {
        var credentials = Credentials.Read(options);
        reader.Scrubber = credentials?.Scrubber;
        var name = EhloName.Choose(options.EhloName, socket.LocalEndPoint);
        if (options.ImplicitTls) await SecureAsync();
        if (await ReadAsync() != 220) throw Refused("the peer's banner refuses the session");
        await GreetAsync(name);
        if (security.TriesStartTls && await StartTlsAsync()) await GreetAsync(name);
        if (Tls is null && security.NeedsTls) throw NoTls();
        if (credentials is not null) await new SmtpLogin(options, credentials, Capabilities, AskAsync).RunAsync(Tls!);
    }

    private async Task GreetAsync(string name)
    {
        Capabilities = new SmtpCapabilities();
        reader.Capabilities = Capabilities;
        writer.Ehlo(name);
        var code = await AskAsync();
        reader.Capabilities = null;
        if (code / 100 == 2) return;
        if (code / 100 != 5) throw Refused("the peer refuses EHLO");

        Capabilities = new SmtpCapabilities();
        writer.Helo(name);
        if (await AskAsync() / 100 != 2) throw Refused("the peer refuses EHLO and HELO");
    }

    /// <summary>RFC 3207. False where the relay will not; what to make of that is the policy's.</summary>
    private async Task<bool> StartTlsAsync()
    {
        if (!Capabilities.StartTls) return false;
        writer.StartTls();
        var code = await AskAsync();
        if (code == 421) throw Refused("the peer ended the session");
        if (code / 100 is 4 or 5)
        {
            _noTls = reader.TakeReply();
            return false;
        }
        if (code != 220) throw Refused("the peer answered STARTTLS with neither yes nor no");
        // A client that keeps what came with the 220 takes it for answers given under TLS (CVE-2021-38371, CVE-2026-41319).
        if (reader.HasSurplus || socket.Available > 0)
            throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer sent more than its answer to STARTTLS before TLS began: somebody may be in between");
        reader.Reset();
        try
        {
            await SecureAsync();
        }
        catch (SmtpConnectionException e) when (security.FallBack())
        {
            throw new SmtpConnectionException(SmtpLoss.Insecure, $"{e.Message}; for {options.TlsFallback} connections go in the clear (Mta:Smtp:TlsFallback)", e);
        }
        catch (OperationCanceledException e) when (!deadline.IsStopping && security.FallBack())
        {
            throw new SmtpConnectionException(SmtpLoss.TimedOut, $"the TLS handshake timed out; for {options.TlsFallback} connections go in the clear (Mta:Smtp:TlsFallback)", e);
        }
        return true;
    }

    private async Task SecureAsync()
    {
        deadline.Arm(options.GreetingTimeout);
        Tls = await security.HandshakeAsync(Stream, deadline.Token);
        Stream = Tls.Stream;
    }

    private async ValueTask<SmtpReply> AskAsync(ReadOnlyMemory<byte> line)
    {
        writer.Line(line.Span);
        await AskAsync();
        return reader.TakeReply();
    }

    private async ValueTask<ushort> AskAsync()
    {
        if (reader.HasSurplus) throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer sent a reply that nobody asked for");
        var asked = time.GetTimestamp();
        await writer.FlushAsync(Stream, deadline, options.GreetingTimeout);
        var code = await ReadAsync();
        if (time.GetElapsedTime(asked) is var took && took < RoundTrip) RoundTrip = took;
        return code;
    }

    private ValueTask<ushort> ReadAsync() => reader.ReadAsync(Stream, deadline, options.GreetingTimeout);

    private SmtpConnectionException NoTls() =>
        new(SmtpLoss.Insecure, options.User is not null && options.Tls < TlsPolicy.Required
            ? "the relay gives no TLS, and Mta:Smtp:User is set: credentials never go in the clear (for a port that begins with TLS set Mta:Smtp:ImplicitTls)"
            : $"the relay gives no TLS, and Mta:Smtp:Tls is {(options.Tls == TlsPolicy.Verified ? "verified" : "required")}: mail waits")
        {
            Reply = _noTls,
        };

    private SmtpConnectionException Refused(string what) => new(SmtpLoss.Refused, what) { Reply = reader.TakeReply() };
}
