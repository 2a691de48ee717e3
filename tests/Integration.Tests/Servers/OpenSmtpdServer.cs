namespace Delivery.Integration.Tests.Servers;

/// <summary>OpenSMTPD: no PIPELINING. In the clear: Debian's build answers every handshake with "internal error" from such a root.</summary>
internal sealed class OpenSmtpdServer : MailServer
{
    private readonly ServerRoot _root;

    private OpenSmtpdServer(ServerRoot root) => _root = root;

    public override string Inbox => _root.File("home/box/Maildir/new");

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

        await File.WriteAllTextAsync(server._root.File("etc/mailname"), "mx.opensmtpd.example\n");
        await File.WriteAllTextAsync(server._root.File("etc/smtpd.conf"), $$"""
            smtp max-message-size 100M
            listen on 127.0.0.1 port {{server.Port}} hostname mx.opensmtpd.example
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

    private static async Task<string[]> ShellLibrariesAsync() =>
        [.. (await Shell.RunAsync("ldd", "/bin/sh")).Split([' ', '\n', '\t']).Where(word => word.StartsWith("/lib/", StringComparison.Ordinal)), "/bin/sh"];
}
