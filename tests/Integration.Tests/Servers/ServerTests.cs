using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>What mail servers that others wrote store is what was composed, byte for byte, below the headers that they put on top.</summary>
public sealed partial class ServerTests
{
    private const int Messages = 96;
    private const int Refused = 41;

    [ServerTheory]
    [InlineData("postfix", "PIPELINING CHUNKING SMTPUTF8 TLS")]
    [InlineData("exim", "PIPELINING CHUNKING SMTPUTF8 AUTH TLS")]
    [InlineData("opensmtpd", "TLS")]
    [InlineData("aiosmtpd", "SMTPUTF8 AUTH TLS")]
    public async Task The_server_offers_what_these_tests_are_about(string name, string extensions)
    {
        await using var server = await StartAsync(name);
        using var connection = new SmtpConnection(Options(server, SmtpChunking.Never), TimeProvider.System);

        await connection.OpenAsync(CancellationToken.None);

        var peer = connection.Capabilities;
        var offered = new[]
        {
            (peer.Pipelining, "PIPELINING"), (peer.Chunking, "CHUNKING"), (peer.SmtpUtf8, "SMTPUTF8"), (peer.AuthMechanisms.Length > 0, "AUTH"), (connection.Tls is not null, "TLS"),
        };
        Assert.Equal(extensions, string.Join(' ', offered.Where(o => o.Item1).Select(o => o.Item2)));
    }

    [ServerTheory]
    [InlineData("postfix", true)]
    [InlineData("postfix", false)]
    [InlineData("exim", true)]
    [InlineData("exim", false)]
    [InlineData("opensmtpd", false)]
    [InlineData("aiosmtpd", false)]
    public async Task Every_message_is_stored_once_and_whole(string name, bool chunking)
    {
        await using var server = await StartAsync(name);
        await StoresAllAsync(server, Options(server, chunking ? SmtpChunking.Auto : SmtpChunking.Never));
    }

    [ServerTheory]
    [InlineData("postfix", true)]
    [InlineData("postfix", false)]
    [InlineData("exim", true)]
    [InlineData("exim", false)]
    [InlineData("aiosmtpd", false)]
    public async Task Mail_to_letters_outside_ASCII_is_stored_whole(string name, bool chunking)
    {
        await using var server = await StartAsync(name);
        var mails = new[] { "דנה@inbox.example", "josé.müller@inbox.example" }.Select((to, i) => new SentMail(to, MailVariety.Make(i, to))).ToArray();

        await SendAsync(Options(server, chunking ? SmtpChunking.Auto : SmtpChunking.Never), mails);

        foreach (var mail in mails)
            Assert.Equal(AttemptResult.Delivered, (await mail.Done).Result);
        await Eventually.HoldsAsync(() => server.Stored().Count >= mails.Length, "all is stored", TimeSpan.FromSeconds(60));
        var stored = server.Stored().Select(Text).ToList();
        Assert.All(mails, mail => Assert.Single(stored, text => text.EndsWith(Text(mail.Body.ToArray()), StringComparison.Ordinal)));
    }

    [ServerTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_with_a_login_takes_mail_after_it(bool chunking)
    {
        await using var server = await StartAsync("exim");
        var mail = new SentMail("reader1@inbox.example", MailVariety.Make(1));
        var options = Options(server, chunking ? SmtpChunking.Auto : SmtpChunking.Never);
        (options.Tls, options.User, options.Password) = (TlsPolicy.Required, "sender", "open sesame");

        await SendAsync(options, mail);

        Assert.Equal(AttemptResult.Delivered, (await mail.Done).Result);
        await Eventually.HoldsAsync(() => server.Stored().Count == 1, "it is stored");
        Assert.Contains("with esmtpsa", Text(Assert.Single(server.Stored())), StringComparison.Ordinal);
    }

    [ServerTheory]
    [InlineData("PLAIN", true)]
    [InlineData("LOGIN", false)]
    [InlineData("SCRAM-SHA-256", true)]
    [InlineData("SCRAM-SHA-256", false)]
    public async Task Postfix_with_a_login_stores_every_message_once_and_whole(string mechanism, bool chunking)
    {
        await using var server = await PostfixServer.StartAsync(mechanism);
        var options = Options(server, chunking ? SmtpChunking.Auto : SmtpChunking.Never);
        (options.User, options.Password) = (PostfixLogin.User, PostfixLogin.Password);

        await StoresAllAsync(server, options);

        Assert.All(server.Stored(), mail => Assert.Contains("(Authenticated sender: sender", Text(mail), StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => server.Log.Contains($"sasl_method={mechanism}, sasl_username=sender", StringComparison.Ordinal), "the login is in Postfix's log");
    }

    [ServerTheory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task Mail_waits_while_Postfix_refuses_the_password(string mechanism)
    {
        const string wrong = "open cinnamon";
        await using var server = await PostfixServer.StartAsync(mechanism);
        var options = Options(server, SmtpChunking.Auto);
        (options.User, options.Password) = (PostfixLogin.User, wrong);
        var mail = new SentMail("reader1@inbox.example", MailVariety.Make(1));
        var channel = Channel.CreateBounded<OutgoingMessage>(1);
        Assert.True(channel.Writer.TryWrite(mail));
        var log = new WarningLog<SmtpPool>();
        using var pool = new SmtpPool(options, channel.Reader, TimeProvider.System, log);
        using var stop = new CancellationTokenSource();

        var running = pool.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => pool.ConnectFailures > 0 && !log.Lines.IsEmpty, "the refusal is told");
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1));

        var line = Assert.Single(log.Lines);
        Assert.Contains("the relay refuses the credentials of Mta:Smtp:User (535 5.7.8", line, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, line, StringComparison.Ordinal);
        Assert.False(mail.IsDone);
        Assert.True(channel.Reader.TryPeek(out var waiting) && waiting == mail);
        Assert.Empty(server.Stored());
        await Eventually.HoldsAsync(() => server.Log.Contains($"SASL {mechanism} authentication failed", StringComparison.Ordinal), "the refusal is in Postfix's log");
    }

    [ServerTheory]
    [InlineData("wrong")]
    public async Task A_login_that_a_server_refuses_is_said_and_sends_nothing(string password)
    {
        await using var server = await StartAsync("exim");
        var options = Options(server, SmtpChunking.Never);
        (options.Tls, options.User, options.Password) = (TlsPolicy.Required, "sender", password);
        using var connection = new SmtpConnection(options, TimeProvider.System);

        var loss = await Assert.ThrowsAsync<SmtpConnectionException>(() => connection.OpenAsync(CancellationToken.None));

        Assert.Equal(SmtpLoss.LoginRefused, loss.Loss);
        Assert.DoesNotContain(password, loss.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Sends one message of each kind many times, one of them to somebody who is refused, and looks at what is stored.</summary>
    private static async Task StoresAllAsync(MailServer server, SmtpOptions options)
    {
        var mails = Enumerable.Range(0, Messages)
            .Select(i => new SentMail(i == Refused ? "nobody@inbox.example" : $"reader{i}@inbox.example", MailVariety.Make(i))).ToArray();
        var channel = Channel.CreateBounded<OutgoingMessage>(Messages);
        foreach (var mail in mails) Assert.True(channel.Writer.TryWrite(mail));
        channel.Writer.Complete();
        var log = new WarningLog<SmtpPool>();
        using var pool = new SmtpPool(options, channel.Reader, TimeProvider.System, log);

        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

        // A CHUNKING that does not keep its rules would be told here, and connections lost.
        Assert.Empty(log.Lines);
        Assert.Equal(0, pool.ConnectionsLost);
        for (var i = 0; i < mails.Length; i++)
        {
            var attempt = await mails[i].Done;
            Assert.Equal(i == Refused ? (AttemptResult.Refused, SmtpStage.Rcpt) : (AttemptResult.Delivered, SmtpStage.Final), (attempt.Result, attempt.Stage));
        }

        await Eventually.HoldsAsync(() => server.Stored().Count >= Messages - 1, "all is stored", TimeSpan.FromSeconds(60));
        var stored = server.Stored().Select(Text).ToList();
        Assert.Equal(Messages - 1, stored.Count);
        for (var i = 0; i < mails.Length; i++)
        {
            var composed = Text(mails[i].Body.ToArray());
            var holding = stored.Where(text => text.EndsWith(composed, StringComparison.Ordinal)).ToList();
            if (i == Refused)
                Assert.Empty(holding);
            else
                Assert.True(holding.Count == 1 && OnlyHeaders().IsMatch(holding[0][..^composed.Length]), $"message {i} ({i % 8}) is there {holding.Count} times: {Near(stored, i)}");
        }
    }

    private static async Task SendAsync(SmtpOptions options, params SentMail[] mails)
    {
        var channel = Channel.CreateBounded<OutgoingMessage>(Messages);
        foreach (var mail in mails) Assert.True(channel.Writer.TryWrite(mail));
        channel.Writer.Complete();
        using var pool = new SmtpPool(options, channel.Reader, TimeProvider.System, new WarningLog<SmtpPool>());
        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static async Task<MailServer> StartAsync(string name) => name switch
    {
        "postfix" => await PostfixServer.StartAsync(),
        "exim" => await EximServer.StartAsync(),
        "opensmtpd" => await OpenSmtpdServer.StartAsync(),
        _ => await AiosmtpdServer.StartAsync(),
    };

    private static SmtpOptions Options(MailServer server, SmtpChunking chunking) => new()
    {
        RelayPort = server.Port,
        EhloName = "client.example",
        Connections = 3,
        Chunking = chunking,
        ChunkingMinRoundTrip = TimeSpan.Zero,
        Tls = TlsPolicy.Verified,
        TlsCaFile = server.Certificate,
    };

    /// <summary>Servers store lines as their system has them.</summary>
    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Near(List<string> stored, int number) =>
        stored.FirstOrDefault(text => text.Contains($"reader{number}@inbox.example", StringComparison.Ordinal)) is { } text ? text[..Math.Min(text.Length, 2000)] : "none is like it";

    [GeneratedRegex(@"\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*\z")]
    private static partial Regex OnlyHeaders();
}
