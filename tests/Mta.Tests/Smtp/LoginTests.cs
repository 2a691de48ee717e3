using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class LoginTests
{
    private const string User = "mailer@shop.test";
    private const string Password = "correct horse=battery,staple";
    private static readonly string Plain = "AUTH PLAIN " + Base64($"\0{User}\0{Password}");

    [Theory]
    [InlineData("AUTH PLAIN LOGIN SCRAM-SHA-256", "AUTH SCRAM-SHA-256")]
    [InlineData("AUTH scram-sha-256 plain", "AUTH SCRAM-SHA-256")]
    [InlineData("AUTH LOGIN PLAIN CRAM-MD5", "AUTH PLAIN")]
    [InlineData("AUTH LOGIN", "AUTH LOGIN")]
    public async Task The_strongest_mechanism_offered_is_used(string offer, string used)
    {
        var scram = new ScramPeer(Password);
        await using var server = Relay(offer, at => at.Line.StartsWith("AUTH SCRAM", StringComparison.Ordinal) || at is { Step: SmtpStep.Auth } && !at.Line.StartsWith("AUTH", StringComparison.Ordinal) && used.EndsWith("256", StringComparison.Ordinal)
            ? scram.Answer(at)
            : Accept(at));
        var message = new TestMessage("a@example.test");

        Assert.Null(await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), message));

        Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        var auth = Assert.Single(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.StartsWith(used, auth);
        Assert.True(server.Commands.ToList().IndexOf(auth) > server.Commands.ToList().IndexOf("STARTTLS"));
    }

    [Fact]
    public async Task Plain_and_login_say_what_their_documents_say()
    {
        await using var plain = Relay("AUTH PLAIN", Accept);
        await using var login = Relay("AUTH LOGIN", Accept);

        Assert.Null(await SmtpRun.SendAsync(Options(plain.Port, TlsPolicy.Verified)));
        Assert.Null(await SmtpRun.SendAsync(Options(login.Port, TlsPolicy.Verified)));

        Assert.Contains(Plain, plain.Commands);
        Assert.Contains("AUTH LOGIN", login.Commands);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256", TlsPolicy.Opportunistic, true)]
    [InlineData("PLAIN", TlsPolicy.Opportunistic, false)]
    [InlineData("LOGIN", TlsPolicy.Opportunistic, false)]
    [InlineData("PLAIN", TlsPolicy.Required, true)]
    public async Task An_unverified_relay_gets_the_password_only_where_that_was_asked_for(string mechanism, object policy, bool sent)
    {
        var scram = new ScramPeer(Password);
        await using var server = Relay("AUTH " + mechanism, at => mechanism[0] == 'S' ? scram.Answer(at) : Accept(at));
        server.Tls = TestCertificates.Server(TestCertificates.OfNobody);
        var message = new TestMessage("a@example.test");

        var loss = await SmtpRun.SendAsync(Options(server.Port, (TlsPolicy)policy), message);

        if (sent)
        {
            Assert.Null(loss);
            Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
            return;
        }
        Assert.Equal(SmtpLoss.Insecure, loss?.Loss);
        Assert.Contains("set Mta:Smtp:Tls to verified", loss!.Message);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_verified_relay_gets_the_password_with_the_default_policy_too()
    {
        await using var server = Relay("AUTH PLAIN", Accept);

        Assert.Null(await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Opportunistic), new TestMessage("a@example.test")));

        Assert.Contains(Plain, server.Commands);
    }

    [Theory]
    [InlineData("no STARTTLS")]
    [InlineData("454")]
    [InlineData("a cut handshake")]
    public async Task Credentials_never_go_in_the_clear(string relay)
    {
        await using var server = Relay("AUTH SCRAM-SHA-256 PLAIN LOGIN", Accept);
        server.Extensions = ["PIPELINING", "AUTH SCRAM-SHA-256 PLAIN LOGIN", .. relay == "no STARTTLS" ? Array.Empty<string>() : ["STARTTLS"]];
        server.Script = at => at.Step != SmtpStep.StartTls ? null : relay == "454" ? "454 4.7.0 Not now" : SmtpAnswer.Of("220 Go").ThenDrop();
        await using var run = new PoolRun(Options(server.Port, TlsPolicy.Opportunistic));
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);

        await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 3);

        Assert.Equal(0, message.Completions);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal) || c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_credentials_keep_mail_waiting_are_said_once_and_tried_rarely()
    {
        await using var server = Relay("AUTH PLAIN", at => at.Step == SmtpStep.Auth ? "535 5.7.8 Bad credentials" : null);
        var options = Options(server.Port, TlsPolicy.Verified);
        options.Connections = 10;
        options.ReconnectDelay = TimeSpan.FromMilliseconds(1);
        options.MaxReconnectDelay = TimeSpan.FromMinutes(10);
        await using var run = new PoolRun(options);
        var messages = TestMessage.Many(20);
        foreach (var message in messages) await run.Channel.Writer.WriteAsync(message);

        await SmtpRun.UntilAsync(() => run.Pool.IsRelayAway);

        Assert.Equal(1, server.Connections);
        Assert.All(messages, m => Assert.Equal(0, m.Completions));
        var line = Assert.Single(run.Log.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("the relay refuses the credentials of Mta:Smtp:User (535 5.7.8 Bad credentials); messages wait, next try in 00:0", line);
    }

    [Fact]
    public async Task A_new_password_in_the_file_is_used_at_the_next_login()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "wrong\n");
            await using var server = Relay("AUTH PLAIN", at => at.Step != SmtpStep.Auth ? null : at.Line == Plain ? "235 2.7.0 Ok" : "535 5.7.8 No");
            var options = Options(server.Port, TlsPolicy.Verified);
            (options.Password, options.PasswordFile) = (null, file);
            await using var run = new PoolRun(options);
            var message = new TestMessage("a@example.test");
            await run.Channel.Writer.WriteAsync(message);
            await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 1);

            await File.WriteAllTextAsync(file, Password + "\n");

            Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_relay_that_does_not_prove_that_it_knows_the_password_gets_no_mail()
    {
        foreach (var lie in (string[])["235 2.7.0 Welcome", "334 " + Base64("v=" + Convert.ToBase64String(new byte[32])), "334 " + Base64("e=unknown-user"), "334 not base64", "334"])
        {
            await using var server = Relay("AUTH SCRAM-SHA-256", new ScramPeer(Password) { InsteadOfProof = lie }.Answer);

            var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), new TestMessage("a@example.test"));

            Assert.Equal(SmtpLoss.LoginRefused, loss?.Loss);
            Assert.Contains("does not prove", loss!.Message);
        }
    }

    [Fact]
    public async Task A_relay_that_says_yes_to_SCRAM_at_once_gets_no_mail()
    {
        await using var server = Relay("AUTH SCRAM-SHA-256", Accept);

        Assert.Contains("does not prove", (await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), new TestMessage("a@example.test")))?.Message);
    }

    [Fact]
    public async Task A_challenge_out_of_bounds_ends_the_login_without_a_proof()
    {
        ScramPeer[] peers =
        [
            new(Password) { Iterations = 1 }, new(Password) { Iterations = 2_000_000_000 }, new(Password) { Nonce = _ => "another" },
            new(Password) { Nonce = own => own + new string('x', 1000) }, new(Password) { Salt = "" }, new(Password) { First = first => "m=x," + first },
        ];
        foreach (var peer in peers)
        {
            await using var server = Relay("AUTH SCRAM-SHA-256", peer.Answer);

            var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), new TestMessage("a@example.test"));

            Assert.Equal(SmtpLoss.LoginRefused, loss?.Loss);
            Assert.Equal("", peer.LastAnswer);
        }
    }

    [Theory]
    [InlineData("", "offers no AUTH")]
    [InlineData("AUTH", "offers no AUTH")]
    [InlineData("AUTH CRAM-MD5 XOAUTH2", "offers none of the mechanisms")]
    public async Task A_relay_without_a_known_mechanism_is_named(string offer, string words)
    {
        await using var server = Relay(offer, Accept);

        var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), new TestMessage("a@example.test"));

        Assert.Equal(SmtpLoss.LoginRefused, loss?.Loss);
        Assert.Contains(words, loss!.Message);
    }

    [Theory]
    [InlineData(SmtpStep.Mail)]
    [InlineData(SmtpStep.Rcpt)]
    public async Task A_relay_that_wants_a_login_first_defers_mail_and_bounces_none(SmtpStep step)
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == step ? "530 5.7.0 Authentication required" : null };
        var message = new TestMessage("a@example.test");

        Assert.Null(await SmtpRun.SendAsync(server, message));

        var attempt = await message.Done;
        Assert.Equal((AttemptResult.Deferred, FailureScope.Site), (attempt.Result, attempt.Scope));
    }

    internal static SmtpOptions Options(int port, TlsPolicy policy)
    {
        var options = SmtpRun.Options(port);
        options.Tls = policy;
        options.TlsServerName = TestCertificates.Name;
        options.TlsCaFile = TestCertificates.AuthorityFile;
        options.User = User;
        options.Password = Password;
        return options;
    }

    /// <summary>A relay that offers AUTH under TLS only, as it should.</summary>
    internal static ScriptedSmtpServer Relay(string offer, Func<SmtpExchange, SmtpAnswer?> script) => new()
    {
        Extensions = ["PIPELINING", "STARTTLS"],
        SecureExtensions = ["PIPELINING", offer],
        Tls = TestCertificates.Server(TestCertificates.Good),
        Script = script,
    };

    /// <summary>Takes PLAIN and LOGIN with the right password.</summary>
    private static SmtpAnswer? Accept(SmtpExchange at) => at.Step != SmtpStep.Auth ? null : at.Line switch
    {
        "AUTH LOGIN" => "334 " + Base64("Username:"),
        var line when line == Base64(User) => "334 " + Base64("Password:"),
        var line when line == Base64(Password) || line == Plain || line.StartsWith("AUTH SCRAM", StringComparison.Ordinal) => "235 2.7.0 Ok",
        _ => "535 5.7.8 No",
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
