using System.Collections.Concurrent;
using System.Text;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>Credentials are in no log line, no exception and no outcome, whatever a peer does with them.</summary>
public sealed class SecretTests
{
    private const string User = "mailer@shop.test";
    private const string Password = "hunter2 is Not=enough,really";
    private static readonly string PasswordBase64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password));
    private static readonly string PlainBase64 = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"));
    private static readonly string[] Secrets = [Password, "hunter2", "Not=enough", PasswordBase64, PlainBase64, PlainBase64[20..40]];

    public static TheoryData<string, string> Paths
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var mechanism in (string[])["PLAIN", "LOGIN", "SCRAM-SHA-256"])
            {
                foreach (var end in (string[])["535 echo", "454 echo", "421 echo", "garbage echo", "334 echo", "drop", "hang", "long echo", "echo at banner", "echo at EHLO", "echo at RCPT", "echo at dot", "echo in AUTH's offer"])
                    data.Add(mechanism, end);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_secret_comes_out_of_any_failing_path(string mechanism, string end)
    {
        var echo = $"you said {Password} ({PasswordBase64}) {PlainBase64} [{PlainBase64[..30]}] {PlainBase64[12..]}";
        var scrams = new ConcurrentDictionary<int, ScramPeer>();
        await using var server = LoginTests.Relay("AUTH " + mechanism, at => Answer(at, end, echo)
            ?? (mechanism[0] == 'S' ? scrams.GetOrAdd(at.Connection, _ => new ScramPeer(Password)).Answer(at) : Accept(at)));
        if (end == "echo in AUTH's offer") server.SecureExtensions = [$"AUTH {Password} {PasswordBase64}"];
        var options = LoginTests.Options(server.Port, TlsPolicy.Verified);
        options.Password = Password;
        options.GreetingTimeout = TimeSpan.FromMilliseconds(end == "hang" ? 300 : 10_000);
        await using var run = new PoolRun(options);
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);

        await SmtpRun.UntilAsync(() => message.Completions > 0 || run.Log.Lines.Any(l => l.StartsWith("Warning", StringComparison.Ordinal)));
        var told = run.Log.Text;
        if (message.Completions > 0) told += (await message.Done).ToString();
        var loss = await SmtpRun.SendAsync(options, new TestMessage("b@example.test"));
        told += loss?.ToString() + loss?.Reply;

        // A path that fails nothing would prove nothing.
        Assert.True(loss is not null || end is "echo at RCPT" or "echo at dot");
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, told, StringComparison.Ordinal);
        if (end is "535 echo" or "echo at RCPT" or "echo at dot") Assert.Contains("you said [hidden]", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing of the kind", "nothing of the kind")]
    [InlineData("hunter2 is Not=enough,really", "[hidden]")]
    [InlineData("x hunter2 is Not=enough,really y", "x [hidden] y")]
    [InlineData("pass=hunter2 is Not=enough", "[hidden]")]
    [InlineData("Not=enough,reall", "[hidden]")]
    [InlineData("is not really enough", "is not really enough")]
    [InlineData("two  spaces stay", "two  spaces stay")]
    [InlineData("", "")]
    public void Words_that_hold_a_secret_are_hidden_and_no_others(string text, string clean) =>
        Assert.Equal(clean, new SecretScrubber(User, Password).Scrub(text));

    [Fact]
    public void A_short_secret_is_hidden_where_it_stands_alone()
    {
        var scrubber = new SecretScrubber("me", "abc");
        Assert.Equal("the password [hidden] is wrong, abcdef is not", scrubber.Scrub("the password abc is wrong, abcdef is not"));
    }

    [Fact]
    public void Any_echo_of_a_random_secret_is_hidden()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 2000; round++)
        {
            var password = new string([.. Enumerable.Range(0, random.Next(4, 40)).Select(_ => (char)random.Next(32, 127))]);
            var scrubber = new SecretScrubber(User, password);
            var forms = new[] { password, Convert.ToBase64String(Encoding.UTF8.GetBytes(password)), Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{password}")) };
            var said = $"no: {forms[random.Next(3)]}{(random.Next(2) == 0 ? " " : "!")}bye";
            foreach (var form in forms) Assert.DoesNotContain(form, scrubber.Scrub(said), StringComparison.Ordinal);
        }
    }

    private static SmtpAnswer? Answer(SmtpExchange at, string end, string echo) => (at.Step, end) switch
    {
        (SmtpStep.Auth, "535 echo") => "535 5.7.8 " + echo,
        (SmtpStep.Auth, "454 echo") => "454 4.7.0 " + echo,
        (SmtpStep.Auth, "421 echo") => SmtpAnswer.Of("421 4.7.0 " + echo).ThenDrop(),
        (SmtpStep.Auth, "garbage echo") => echo,
        (SmtpStep.Auth, "drop") => SmtpAnswer.Drop,
        (SmtpStep.Auth, "334 echo") => "334 " + echo,
        (SmtpStep.Auth, "hang") => SmtpAnswer.Silence,
        (SmtpStep.Auth, "long echo") => $"535-5.7.8 {new string('x', 470)} {echo}\n535 5.7.8 {echo}",
        (SmtpStep.Banner, "echo at banner") => "554 5.7.1 " + echo,
        (SmtpStep.Ehlo, "echo at EHLO") => "421 4.7.1 " + echo,
        (SmtpStep.Rcpt, "echo at RCPT") => "550 5.1.1 " + echo,
        (SmtpStep.Dot, "echo at dot") => "554 5.6.0 " + echo,
        _ => null,
    };

    private static SmtpAnswer? Accept(SmtpExchange at) => at.Step != SmtpStep.Auth ? null
        : at.Line == "AUTH LOGIN" || at.Line == Convert.ToBase64String(Encoding.UTF8.GetBytes(User)) ? "334 VXNlcm5hbWU6"
        : "235 2.7.0 Ok";
}
