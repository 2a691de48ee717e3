using System.Security.Authentication;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

public sealed class TlsPolicyTests
{
    private const string Clear = "delivered in the clear";
    private const string Secure = "delivered under TLS";
    private const string Waits = "waits";

    /// <summary>The table of docs/operations.md: what the relay does, and how its mail ends with each policy.</summary>
    public static TheoryData<string, string, string> Table
    {
        get
        {
            (string Relay, string None, string Opportunistic, string Required, string Verified)[] rows =
            [
                ("offers no STARTTLS", Clear, Clear, Waits, Waits),
                ("answers 454", Clear, Clear, Waits, Waits),
                ("answers 502", Clear, Clear, Waits, Waits),
                ("somebody strips STARTTLS", Clear, Clear, Waits, Waits),
                ("has an expired certificate", Clear, Secure, Secure, Waits),
                ("has another's certificate", Clear, Secure, Secure, Waits),
                ("has a self-signed certificate", Clear, Secure, Secure, Waits),
                ("sends more with its 220", Clear, Waits, Waits, Waits),
                ("cuts the handshake", Clear, Clear, Waits, Waits),
                ("speaks TLS 1.1 only", Clear, Clear, Waits, Waits),
                ("has a good certificate", Clear, Secure, Secure, Secure),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var row in rows)
            {
                data.Add(row.Relay, nameof(TlsPolicy.None), row.None);
                data.Add(row.Relay, nameof(TlsPolicy.Opportunistic), row.Opportunistic);
                data.Add(row.Relay, nameof(TlsPolicy.Required), row.Required);
                data.Add(row.Relay, nameof(TlsPolicy.Verified), row.Verified);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Mail_ends_as_the_policy_says(string relay, string policy, string end)
    {
        await using var server = Relay(relay);
        var options = Options(server.Port, Enum.Parse<TlsPolicy>(policy));
        await using var run = new PoolRun(options);
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);

        if (end == Waits)
        {
            // Twice: what a second connection does is part of the policy.
            await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 2);
            Assert.Equal(0, message.Completions);
            Assert.Equal(1, run.Channel.Reader.Count);
            Assert.Empty(server.Messages);
            Assert.DoesNotContain(server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
            Assert.Contains(run.Log.Lines, l => l.StartsWith("Warning Relay", StringComparison.Ordinal));
            return;
        }

        Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        Assert.Equal(end == Secure, Assert.Single(server.Messages).IsSecure);
        Assert.Contains(run.Log.Lines, l => l.StartsWith("Information Connections", StringComparison.Ordinal) && l.Contains(end == Secure ? "TLS 1." : "in the clear", StringComparison.Ordinal));
        if (end == Secure) Assert.Contains(relay == "has a good certificate" ? "certificate verified" : "certificate not verified", run.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("has a good certificate", TlsPolicy.Verified, true)]
    [InlineData("has a good certificate", TlsPolicy.Opportunistic, true)]
    [InlineData("has an expired certificate", TlsPolicy.Verified, false)]
    [InlineData("has another's certificate", TlsPolicy.Verified, false)]
    [InlineData("has a self-signed certificate", TlsPolicy.Verified, false)]
    [InlineData("has a self-signed certificate", TlsPolicy.Required, true)]
    [InlineData("has a self-signed certificate", TlsPolicy.Opportunistic, true)]
    [InlineData("speaks TLS 1.1 only", TlsPolicy.Opportunistic, false)]
    public async Task A_port_that_begins_with_TLS_is_never_used_in_the_clear(string relay, object policy, bool delivered)
    {
        await using var server = Relay(relay, implicitTls: true);
        var options = Options(server.Port, (TlsPolicy)policy);
        options.ImplicitTls = true;
        await using var run = new PoolRun(options);
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);

        if (delivered)
        {
            Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
            Assert.True(Assert.Single(server.Messages).IsSecure);
            Assert.DoesNotContain("STARTTLS", server.Commands);
        }
        else
        {
            await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 2);
            Assert.Equal(0, message.Completions);
            Assert.Empty(server.Commands);
        }
    }

    [Fact]
    public async Task Capabilities_from_before_TLS_are_forgotten()
    {
        await using var server = Relay("has a good certificate");
        server.Extensions = ["PIPELINING", "SMTPUTF8", "SIZE 10", "STARTTLS", "AUTH PLAIN"];
        server.SecureExtensions = ["8BITMIME"];
        using var connection = new SmtpConnection(Options(server.Port, TlsPolicy.Verified), TimeProvider.System);

        await connection.OpenAsync(CancellationToken.None);

        var peer = connection.Capabilities;
        Assert.Equal((false, false, false, 0L, "", true), (peer.Pipelining, peer.SmtpUtf8, peer.Size, peer.MaxBytes, peer.AuthMechanisms, peer.EightBitMime));
        Assert.Equal(["EHLO", "STARTTLS", "EHLO"], server.Commands.Select(c => c.Split(' ')[0]));
    }

    [Fact]
    public async Task The_name_is_the_relays_own_where_no_other_is_set()
    {
        await using var server = Relay("has a good certificate");
        var options = Options(server.Port, TlsPolicy.Verified);
        options.TlsServerName = null;

        Assert.Null(await SmtpRun.SendAsync(options, new TestMessage("a@example.test")));
    }

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_only_where_it_is_named()
    {
        await using var server = Relay("has a good certificate");
        var options = Options(server.Port, TlsPolicy.Verified);
        options.TlsCaFile = null;

        var loss = await SmtpRun.SendAsync(options, new TestMessage("a@example.test"));

        Assert.Equal(SmtpLoss.Insecure, loss?.Loss);
        Assert.Contains("does not lead to a trusted root", loss!.Message);
    }

    [Theory]
    [InlineData("has an expired certificate", "has expired")]
    [InlineData("has another's certificate", "is not for the name relay.test")]
    [InlineData("has a self-signed certificate", "does not lead to a trusted root")]
    public async Task What_is_wrong_with_a_certificate_is_said(string relay, string words)
    {
        await using var server = Relay(relay);

        var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), new TestMessage("a@example.test"));

        Assert.Equal(SmtpLoss.Insecure, loss?.Loss);
        Assert.Contains(words, loss!.Message);
        Assert.Contains("Mta:Smtp:Tls", loss.Message);
    }

    [Fact]
    public async Task After_a_failed_handshake_mail_goes_in_the_clear_for_a_time_and_then_TLS_is_tried_again()
    {
        await using var server = Relay("has a good certificate");
        server.Script = at => at is { Step: SmtpStep.StartTls, Connection: 0 } ? SmtpAnswer.Of("220 Go").ThenDrop() : null;
        var clock = new MovedTime();
        var options = Options(server.Port, TlsPolicy.Opportunistic);
        options.MaxMessagesPerConnection = 1;
        var security = new RelaySecurity(options, clock);

        using (var failing = new SmtpConnection(options, TimeProvider.System, security))
        {
            var loss = await Assert.ThrowsAsync<SmtpConnectionException>(() => failing.OpenAsync(CancellationToken.None));
            Assert.Equal(SmtpLoss.Insecure, loss.Loss);
            Assert.Contains("00:10:00 connections go in the clear", loss.Message);
        }

        Assert.False(await IsSecureAsync());
        clock.Advance(options.TlsFallback - TimeSpan.FromSeconds(1));
        Assert.False(await IsSecureAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await IsSecureAsync());

        async Task<bool> IsSecureAsync()
        {
            using var connection = new SmtpConnection(options, TimeProvider.System, security);
            await connection.OpenAsync(CancellationToken.None);
            return connection.Tls is not null;
        }
    }

    [Fact]
    public async Task Without_a_fallback_a_failed_handshake_keeps_mail_waiting()
    {
        await using var server = Relay("cuts the handshake");
        var options = Options(server.Port, TlsPolicy.Opportunistic);
        options.TlsFallback = TimeSpan.Zero;
        await using var run = new PoolRun(options);
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);

        await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 3);

        Assert.Equal(0, message.Completions);
    }

    [Fact]
    public async Task A_handshake_that_hangs_is_left_at_its_deadline()
    {
        await using var server = Relay("has a good certificate");
        server.Tls = null;
        server.Script = at => at.Step == SmtpStep.StartTls ? "220 Go" : null;
        var options = Options(server.Port, TlsPolicy.Required);
        options.GreetingTimeout = TimeSpan.FromMilliseconds(500);

        Assert.Equal(SmtpLoss.TimedOut, (await SmtpRun.SendAsync(options, new TestMessage("a@example.test")))?.Loss);
    }

    [Fact]
    public async Task Several_messages_and_a_large_one_go_whole_under_TLS_in_one_round_trip_each()
    {
        await using var server = Relay("has a good certificate");
        var messages = TestMessage.Many(50).Append(new TestMessage("large@example.test", string.Concat(Enumerable.Repeat("a line of a large message\r\n", 100_000)))).ToArray();

        Assert.Null(await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(messages.Select(m => m.Body.ToArray()), server.Messages.Select(m => m.Raw));
        Assert.All(server.Messages, m => Assert.True(m.IsSecure));
        Assert.Equal("QUIT", server.Commands.Last());
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(SmtpStep.Mail, false)]
    [InlineData(SmtpStep.Rcpt, false)]
    [InlineData(SmtpStep.Data, false)]
    [InlineData(SmtpStep.Dot, true)]
    public async Task A_connection_cut_under_TLS_costs_untouched_messages_no_attempt(SmtpStep step, bool uncertain)
    {
        await using var server = Relay("has a good certificate");
        server.Script = at => at.Step == step && at.Transaction == 1 ? SmtpAnswer.Drop : null;
        var messages = TestMessage.Many(3);

        var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Verified), messages[..2]);

        Assert.Equal(SmtpLoss.Broken, loss?.Loss);
        var attempts = await SmtpRun.OutcomesAsync(messages[..2]);
        Assert.Equal(AttemptResult.Delivered, attempts[0].Result);
        Assert.Equal((AttemptResult.ConnectionLost, FailureScope.Session, uncertain), (attempts[1].Result, attempts[1].Scope, attempts[1].Uncertain));
    }

    [Fact]
    public async Task A_421_to_STARTTLS_ends_the_session()
    {
        await using var server = Relay("has a good certificate");
        server.Script = at => at.Step == SmtpStep.StartTls ? "421 4.3.2 Closing" : null;

        var loss = await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.Opportunistic), new TestMessage("a@example.test"));

        Assert.Equal((SmtpLoss.Refused, (ushort)421), (loss!.Loss, loss.Reply.Code));
    }

    [Theory]
    [InlineData("530 5.7.0 Must issue a STARTTLS command first")]
    [InlineData("538 5.7.11 Encryption required")]
    public async Task A_relay_that_wants_TLS_first_defers_mail_and_bounces_none(string reply)
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == SmtpStep.Mail ? reply : null };
        var message = new TestMessage("a@example.test");

        Assert.Null(await SmtpRun.SendAsync(Options(server.Port, TlsPolicy.None), message));

        var attempt = await message.Done;
        Assert.Equal((AttemptResult.Deferred, FailureScope.Site), (attempt.Result, attempt.Scope));
    }

    private static SmtpOptions Options(int port, TlsPolicy policy)
    {
        var options = SmtpRun.Options(port);
        options.Tls = policy;
        options.TlsServerName = TestCertificates.Name;
        options.TlsCaFile = TestCertificates.AuthorityFile;
        return options;
    }

    private static ScriptedSmtpServer Relay(string behaviour, bool implicitTls = false)
    {
        string[] without = ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        var server = new ScriptedSmtpServer
        {
            ImplicitTls = implicitTls,
            Extensions = behaviour is "offers no STARTTLS" or "somebody strips STARTTLS" ? without : [.. without, "STARTTLS"],
            Tls = behaviour == "offers no STARTTLS" ? null : TestCertificates.Server(behaviour switch
            {
                "has an expired certificate" => TestCertificates.Expired,
                "has another's certificate" => TestCertificates.OfAnotherName,
                "has a self-signed certificate" => TestCertificates.OfNobody,
                _ => TestCertificates.Good,
            }),
            Script = at => at.Step != SmtpStep.StartTls ? null : behaviour switch
            {
                "answers 454" => "454 4.7.0 TLS not available",
                "answers 502" => "502 5.5.1 Not here",
                "sends more with its 220" => SmtpAnswer.Raw("220 2.0.0 Go ahead\r\n250-somebody.test\r\n250 AUTH PLAIN\r\n"),
                "cuts the handshake" => SmtpAnswer.Of("220 2.0.0 Go ahead").ThenDrop(),
                _ => null,
            },
        };
#pragma warning disable SYSLIB0039, CA5397
        if (behaviour == "speaks TLS 1.1 only") server.Tls!.EnabledSslProtocols = SslProtocols.Tls11;
#pragma warning restore SYSLIB0039, CA5397
        return server;
    }
}
