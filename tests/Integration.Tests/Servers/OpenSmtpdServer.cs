using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>OpenSMTPD: STARTTLS, without which it takes no mail, and no PIPELINING.</summary>
internal sealed class OpenSmtpdServer : MailServer
{
    private readonly ServerRoot _root;

    private OpenSmtpdServer(ServerRoot root) => _root = root;

    public override string Inbox => _root.File("home/box/Maildir/new");

    public override string Certificate => _root.File("etc/certificate.pem");

    public static async Task<MailServer> StartAsync()
    {
        var server = new OpenSmtpdServer(await ServerRoot.CreateAsync(
            "opensmtpd", "usr/sbin/smtpd", "usr/libexec/opensmtpd/mail.maildir", "usr/libexec/opensmtpd/lockspool"));
        await server._root.GiveToAsync("root", "var/lib/opensmtpd", "var/lib/opensmtpd/empty", "var/spool/smtpd");
        File.SetUnixFileMode(server._root.File("var/spool/smtpd"), (UnixFileMode)0b111_001_001);
        Directory.CreateDirectory(server._root.File("bin"));
        // It starts its delivery programs with a shell.
        var shell = await ShellLibrariesAsync();
        foreach (var library in shell)
        {
            var place = server._root.File(library == "/bin/sh" ? "bin/sh" : Path.Combine("lib", Path.GetFileName(library)));
            File.Copy(library, place, overwrite: true);
        }

        ServerCertificate.Write(server.Certificate);
        await server.SignWithOpenSsl3Async();
        await File.WriteAllTextAsync(server._root.File("etc/mailname"), "mx.opensmtpd.example\n");
        await File.WriteAllTextAsync(server._root.File("etc/smtpd.conf"), $$"""
            pki mx.opensmtpd.example cert "/etc/certificate.pem"
            pki mx.opensmtpd.example key "/etc/certificate.pem"
            smtp max-message-size 100M
            listen on 127.0.0.1 port {{server.Port}} tls-require pki mx.opensmtpd.example hostname mx.opensmtpd.example
            table everybody { "@" = box }
            table refused { "nobody@inbox.example" }
            action store maildir "/home/box/Maildir" virtual <everybody>
            match from any for any rcpt-to <refused> reject
            match from any for any action store

            """);
        await server.StartAsync(server._root.Start("/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"));
        return server;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _root.Dispose();
    }

    /// <summary>
    /// OpenSMTPD 6.8 marks the key that its listener asks its key process to sign with, and OpenSSL 3 signs with a copy of the key
    /// that has no such mark: "missing private key". OpenSSL uses the marked key itself where an engine offers methods for keys,
    /// and the one of PKCS #11 does; keys that are not its own it leaves as they are.
    /// </summary>
    private async Task SignWithOpenSsl3Async()
    {
        var engine = Directory.EnumerateFiles(RepositoryRoot.Tool("pkcs11-engine"), "pkcs11.so", SearchOption.AllDirectories).Single();
        File.Copy(engine, _root.File("lib/pkcs11.so"));
        Directory.CreateDirectory(_root.File("usr/lib/ssl"));
        await File.WriteAllTextAsync(_root.File("usr/lib/ssl/openssl.cnf"), """
            openssl_conf = all
            [all]
            engines = engines
            [engines]
            pkcs11 = pkcs11
            [pkcs11]
            dynamic_path = /lib/pkcs11.so
            default_algorithms = PKEY
            init = 0

            """);
    }

    private static async Task<string[]> ShellLibrariesAsync() =>
        [.. (await Shell.RunAsync("ldd", "/bin/sh")).Split([' ', '\n', '\t']).Where(word => word.StartsWith("/lib/", StringComparison.Ordinal)), "/bin/sh"];
}
