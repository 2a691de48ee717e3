using System.Text;

namespace Delivery.Mta.Smtp.Security;

/// <summary>
/// AUTH (RFC 4954) under TLS, by the strongest mechanism that is offered. Throws <see cref="SmtpConnectionException"/> when we
/// are not taken for who we are. For one connection, once.
/// </summary>
/// <param name="ask">Sends a line and gives the reply to it.</param>
internal sealed class SmtpLogin(SmtpOptions options, Credentials credentials, SmtpCapabilities peer, Func<ReadOnlyMemory<byte>, ValueTask<SmtpReply>> ask)
{
    private const string Scram = "SCRAM-SHA-256";

    public async Task RunAsync(TlsChannel tls)
    {
        var offered = peer.AuthMechanisms.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        SmtpReply reply;
        if (Offers(Scram)) reply = await ScramAsync();
        else if (!Offers("PLAIN") && !Offers("LOGIN")) throw new SmtpConnectionException(SmtpLoss.LoginRefused, offered.Length == 0
            ? "the relay offers no AUTH, and Mta:Smtp:User is set"
            : $"the relay offers none of the mechanisms {Scram}, PLAIN and LOGIN, and Mta:Smtp:User is set");
        else if (!tls.IsVerified && options.Tls < TlsPolicy.Required) throw new SmtpConnectionException(
            SmtpLoss.Insecure, "the relay takes the password only as it is (AUTH PLAIN or LOGIN), and its certificate is not verified: set Mta:Smtp:Tls to verified (with Mta:Smtp:TlsCaFile for an authority of your own), or to required to send it whoever the relay is");
        else if (Offers("PLAIN")) reply = await ask(Line("AUTH PLAIN ", Encoding.UTF8.GetBytes($"\0{credentials.User}\0{credentials.Password}")));
        else reply = await LoginAsync();

        if (reply.IsClosing) throw new SmtpConnectionException(SmtpLoss.Refused, "the peer ended the session") { Reply = reply };
        if (reply.Code != 235) throw new SmtpConnectionException(SmtpLoss.LoginRefused, "the relay refuses the credentials of Mta:Smtp:User") { Reply = reply };

        bool Offers(string mechanism) => offered.Contains(mechanism, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Draft-murchison-sasl-login: the two answers go in this order whatever the prompts say.</summary>
    private async ValueTask<SmtpReply> LoginAsync()
    {
        var reply = await ask("AUTH LOGIN"u8.ToArray());
        if (reply.Code == 334) reply = await ask(Line("", Encoding.UTF8.GetBytes(credentials.User)));
        return reply.Code == 334 ? await ask(Line("", Encoding.UTF8.GetBytes(credentials.Password))) : reply;
    }

    private async ValueTask<SmtpReply> ScramAsync()
    {
        var scram = new ScramClient(credentials.User, credentials.Password, ScramClient.NewNonce());
        var reply = await ask(Line($"AUTH {Scram} ", scram.First()));
        if (reply.Code != 334) return Early(reply);
        byte[] final;
        try
        {
            final = scram.Final(Challenge(reply));
        }
        catch (InvalidDataException e)
        {
            throw new SmtpConnectionException(SmtpLoss.LoginRefused, "the relay " + e.Message, e);
        }

        reply = await ask(Line("", final));
        if (reply.Code != 334) return Early(reply);
        return IsProof(scram, reply) ? await ask(ReadOnlyMemory<byte>.Empty) : throw Unproven();
    }

    /// <summary>A yes before the relay has shown that it knows the password is the word of an impostor.</summary>
    private static SmtpReply Early(in SmtpReply reply) => reply.IsPositive ? throw Unproven() : reply;

    private static bool IsProof(ScramClient scram, in SmtpReply reply)
    {
        try
        {
            return scram.Verify(Challenge(reply));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Challenge(in SmtpReply reply)
    {
        var bytes = new byte[reply.Text.Length];
        return reply.Text.Length < SmtpReply.MaxTextBytes && Convert.TryFromBase64String(reply.Text, bytes, out var length)
            ? bytes[..length]
            : throw new InvalidDataException("sent a challenge that is no base64 or is too long");
    }

    private static SmtpConnectionException Unproven() =>
        new(SmtpLoss.LoginRefused, "the relay does not prove that it knows the password of Mta:Smtp:User: it may be an impostor");

    private static byte[] Line(string command, ReadOnlySpan<byte> response) => Encoding.ASCII.GetBytes(command + Convert.ToBase64String(response));
}
