using System.Security.Cryptography;
using System.Text;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>The server's side of SCRAM-SHA-256 (RFC 5802 section 3), as a script for the peer. Can be made to misbehave.</summary>
internal sealed class ScramPeer(string password)
{
    private string _clientFirst = "";
    private string _serverFirst = "";
    private int _step;

    public int Iterations { get; init; } = 4096;

    public string Salt { get; init; } = "W22ZaJ0SNY7soEsUEjb6gQ==";

    /// <summary>Makes the server's nonce of the client's.</summary>
    public Func<string, string> Nonce { get; init; } = own => own + "server";

    /// <summary>Changes the server's first message.</summary>
    public Func<string, string> First { get; init; } = first => first;

    /// <summary>What is said instead of the proof; null for the proof.</summary>
    public string? InsteadOfProof { get; init; }

    /// <summary>What was answered last, decoded.</summary>
    public string LastAnswer { get; private set; } = "";

    public SmtpAnswer? Answer(SmtpExchange at)
    {
        if (at.Step != SmtpStep.Auth) return null;
        switch (_step++)
        {
            case 0:
                _clientFirst = Decode(at.Line[(at.Line.LastIndexOf(' ') + 1)..]);
                Assert.StartsWith("n,,n=", _clientFirst);
                _serverFirst = First($"r={Nonce(_clientFirst[(_clientFirst.IndexOf(",r=", StringComparison.Ordinal) + 3)..])},s={Salt},i={Iterations}");
                return "334 " + Encode(_serverFirst);
            case 1:
                LastAnswer = Decode(at.Line);
                return Check(LastAnswer);
            default:
                return at.Line.Length == 0 ? "235 2.7.0 Welcome" : "501 5.5.2 An empty line was due";
        }
    }

    private SmtpAnswer Check(string final)
    {
        var at = final.IndexOf(",p=", StringComparison.Ordinal);
        var message = $"{_clientFirst[3..]},{_serverFirst},{final[..at]}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(Salt), Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(Hmac(salted, "Client Key"));
        var key = Convert.FromBase64String(final[(at + 3)..]).Zip(Hmac(stored, message), (a, b) => (byte)(a ^ b)).ToArray();
        if (!SHA256.HashData(key).SequenceEqual(stored)) return "535 5.7.8 Wrong";
        return InsteadOfProof ?? "334 " + Encode("v=" + Convert.ToBase64String(Hmac(Hmac(salted, "Server Key"), message)));
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));
}
