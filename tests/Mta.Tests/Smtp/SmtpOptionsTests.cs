using Delivery.Contracts.Settings;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Delivery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Tests.Smtp;

public sealed class SmtpOptionsTests
{
    private readonly SmtpOptionsValidator _validator = new();

    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.True(_validator.Validate(null, new SmtpOptions()).Succeeded);
    }

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var result = _validator.Validate(null, new SmtpOptions
        {
            RelayHost = "", RelayPort = 70_000, Connections = 0, EhloName = "a\r\nb", BodyTimeout = TimeSpan.Zero, MaxReplyLines = 0,
        });

        Assert.True(result.Failed);
        foreach (var name in (string[])["RelayHost", "RelayPort", "Connections", "EhloName", "BodyTimeout", "MaxReplyLines"])
            Assert.Contains(name, result.FailureMessage);
    }

    [Theory]
    [InlineData("mail.example.test", true)]
    [InlineData("localhost", true)]
    [InlineData("[127.0.0.1]", true)]
    [InlineData("[IPv6:::1]", true)]
    [InlineData("two words", false)]
    [InlineData("-mail.example.test", false)]
    [InlineData("mail.example.test\n", false)]
    public void A_greeting_name_is_one_word(string name, bool valid)
    {
        Assert.Equal(valid, _validator.Validate(null, new SmtpOptions { EhloName = name }).Succeeded);
    }

    [Fact]
    public void A_transaction_has_more_time_than_its_last_reply()
    {
        var options = new SmtpOptions { FinalReplyTimeout = TimeSpan.FromMinutes(30), TransactionTimeout = TimeSpan.FromMinutes(30) };
        Assert.Contains("Mta:Smtp:TransactionTimeout is 00:30:00: it must be longer than Mta:Smtp:FinalReplyTimeout", Fault(options));

        options.TransactionTimeout += TimeSpan.FromSeconds(1);
        Assert.True(_validator.Validate(null, options).Succeeded);
    }

    [Fact]
    public void What_contradicts_itself_about_TLS_and_login_is_refused()
    {
        const string Secret = "s3cret-and-long";
        Assert.Contains("ImplicitTls", Fault(new SmtpOptions { ImplicitTls = true, Tls = TlsPolicy.None }));
        Assert.Contains("must be none, opportunistic, required or verified", Fault(new SmtpOptions { Tls = (TlsPolicy)9 }));
        Assert.Contains("neither of Mta:Smtp:Password and", Fault(new SmtpOptions { User = "u" }));
        Assert.Contains("both of Mta:Smtp:Password and", Fault(new SmtpOptions { User = "u", Password = Secret, PasswordFile = "/none" }));
        Assert.Contains("Mta:Smtp:User is missing", Fault(new SmtpOptions { Password = Secret }));
        Assert.Contains("credentials never go in the clear", Fault(new SmtpOptions { User = "u", Password = Secret, Tls = TlsPolicy.None }));
        Assert.Contains("Mta:Smtp:Password has a line break", Fault(new SmtpOptions { User = "u", Password = Secret + "\n" }));
        Assert.Contains("Mta:Smtp:Password is empty", Fault(new SmtpOptions { User = "u", Password = "" }));
        Assert.Contains("Mta:Smtp:User has a line break", Fault(new SmtpOptions { User = "u\r\nRSET", Password = Secret }));
        Assert.True(_validator.Validate(null, new SmtpOptions { User = "u", Password = Secret }).Succeeded);

        string Fault(SmtpOptions options)
        {
            var fault = this.Fault(options);
            Assert.DoesNotContain(Secret, fault);
            return fault;
        }
    }

    [Fact]
    public void Files_that_cannot_be_used_are_named()
    {
        using var folder = new TemporaryFolder();
        var empty = folder.File("empty");
        File.WriteAllText(empty, "\n");
        var junk = folder.File("junk.pem");
        File.WriteAllText(junk, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        var good = folder.File("password");
        File.WriteAllText(good, "a password\n");

        Assert.Contains("Mta:Smtp:TlsCaFile cannot be used: ", Fault(new SmtpOptions { TlsCaFile = folder.File("none.pem") }));
        Assert.Contains("no certificate in PEM", Fault(new SmtpOptions { TlsCaFile = empty }));
        Assert.Contains("Mta:Smtp:TlsCaFile cannot be used: ", Fault(new SmtpOptions { TlsCaFile = junk }));
        Assert.Contains("Mta:Smtp:PasswordFile cannot be used: ", Fault(new SmtpOptions { User = "u", PasswordFile = folder.File("none") }));
        Assert.Contains("is empty", Fault(new SmtpOptions { User = "u", PasswordFile = empty }));
        Assert.True(_validator.Validate(null, new SmtpOptions { User = "u", PasswordFile = good, TlsCaFile = TestCertificates.AuthorityFile }).Succeeded);
    }

    [Fact]
    public void The_programs_own_binding_takes_a_policy_in_lower_case_and_checks_all_of_it()
    {
        Assert.Equal(TlsPolicy.Verified, Bind(("Tls", "verified")).Tls);
        Assert.Contains("TransactionTimeout", Assert.Throws<OptionsValidationException>(() => Bind(("TransactionTimeout", "00:05:00"))).Message);
        Assert.Contains("Mta:Smtp:Tls", Assert.Throws<InvalidOperationException>(() => Bind(("Tls", "always"))).Message);

        static SmtpOptions Bind(params (string Name, string Value)[] settings)
        {
            var services = new ServiceCollection();
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Mta:Smtp:{s.Name}", (string?)s.Value))).Build());
            services.AddStrict<SmtpOptions>(SmtpOptions.Section);
            using var provider = services.BuildServiceProvider();
            return provider.GetRequiredService<IOptions<SmtpOptions>>().Value;
        }
    }

    private string Fault(SmtpOptions options)
    {
        var result = _validator.Validate(null, options);
        Assert.True(result.Failed);
        return result.FailureMessage;
    }
}
