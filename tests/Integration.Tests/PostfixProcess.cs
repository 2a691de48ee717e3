using System.Diagnostics;
using System.Text.RegularExpressions;
using Delivery.Integration.Tests.Servers;
using Delivery.Testing;

namespace Delivery.Integration.Tests;

/// <summary>
/// A whole Postfix (smtpd, cleanup, queue manager) on a loopback port that discards what it would deliver, from a folder of its own.
/// Needs root, as Postfix does; uses accounts that every Debian has.
/// </summary>
internal sealed partial class PostfixProcess : IAsyncDisposable
{
    private static readonly string[] Queues =
        ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private", "public", "saved", "trace", "pid"];

    private readonly TemporaryFolder _folder = new();
    private PostfixLogin? _login;
    private Process? _master;

    public int Port { get; } = FreePort.Next();

    /// <summary>Where mail for <c>inbox.example</c> is stored, a file each, of a Postfix that stores.</summary>
    public string Inbox => _folder.File("data/inbox/box/new");

    /// <summary>Of a Postfix that stores: a PEM file with its certificate, and the key.</summary>
    public string Certificate => _folder.File("etc/certificate.pem");

    /// <summary>What Postfix has logged so far.</summary>
    public string Log
    {
        get
        {
            using var log = new StreamReader(new FileStream(_folder.File("data/mail.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return log.ReadToEnd();
        }
    }

    /// <param name="stores">Keeps mail for <c>inbox.example</c>, refuses <c>nobody@inbox.example</c>, and offers STARTTLS.</param>
    /// <param name="mechanisms">Of a Postfix that stores: those of the login without which it takes no mail; null for none.</param>
    public static async Task<PostfixProcess> StartAsync(bool stores = false, string? mechanisms = null)
    {
        var postfix = new PostfixProcess();
        if (mechanisms is not null)
            postfix._login = new PostfixLogin(postfix._folder.File("etc/sasl"), mechanisms);
        await postfix.PrepareAsync(stores);
        var start = new ProcessStartInfo(Path.Combine(PostfixTools.Root, "usr/lib/postfix/sbin/master"));
        start.Environment["LD_LIBRARY_PATH"] = PostfixTools.Libraries;
        start.Environment["MAIL_CONFIG"] = postfix._folder.File("etc");
        start.Environment["SASL_PATH"] = PostfixLogin.Plugins;
        foreach (var argument in new[] { "-c", postfix._folder.File("etc"), "-d" })
            start.ArgumentList.Add(argument);
        postfix._master = Process.Start(start)!;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync("127.0.0.1", postfix.Port);
                var buffer = new byte[3];
                return await client.GetStream().ReadAsync(buffer) == 3 && buffer.AsSpan().SequenceEqual("220"u8);
            },
            "Postfix greets");
        return postfix;
    }

    /// <summary>The addresses whose mail Postfix delivered, from its log.</summary>
    public IEnumerable<string> Delivered() => SentTo().Matches(Log).Select(match => match.Groups[1].Value).ToList();

    public async ValueTask DisposeAsync()
    {
        if (_master is { HasExited: false })
        {
            _master.Kill(entireProcessTree: true);
            await _master.WaitForExitAsync();
        }

        _master?.Dispose();
        _folder.Dispose();
    }

    private async Task PrepareAsync(bool stores)
    {
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        foreach (var name in Queues.Select(queue => "queue/" + queue).Concat(["etc", "data"]))
            Directory.CreateDirectory(_folder.File(name));
        await Shell.RunAsync("chown", "-R", "daemon", _folder.File("queue"), _folder.File("data"));
        await Shell.RunAsync("chown", "root", _folder.File("queue"), _folder.File("queue/pid"));
        await Shell.RunAsync("chgrp", "users", _folder.File("queue/public"), _folder.File("queue/maildrop"));
        if (_login is not null)
            await _login.PrepareAsync();
        await File.WriteAllTextAsync(_folder.File("etc/dynamicmaps.cf"), "");
        await File.WriteAllTextAsync(_folder.File("etc/main.cf"), $"""
            compatibility_level = 3.6
            config_directory = {_folder.File("etc")}
            meta_directory = {_folder.File("etc")}
            queue_directory = {_folder.File("queue")}
            data_directory = {_folder.File("data")}
            daemon_directory = {PostfixTools.Root}/usr/lib/postfix/sbin
            command_directory = {PostfixTools.Root}/usr/sbin
            shlib_directory = {PostfixTools.Root}/usr/lib/postfix
            mail_owner = daemon
            setgid_group = users
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mx.postfix.example
            mydestination =
            mynetworks = 127.0.0.0/8
            local_recipient_maps =
            alias_maps =
            default_transport = discard:
            relay_transport = discard:
            maillog_file = {_folder.File("data/mail.log")}
            maillog_file_prefixes = {Path.GetTempPath()}
            import_environment = MAIL_CONFIG LD_LIBRARY_PATH SASL_PATH
            {(stores ? Storing() : "")}

            """);
        await File.WriteAllTextAsync(_folder.File("etc/master.cf"), $"""
            127.0.0.1:{Port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            error unix - - n - - error
            retry unix - - n - - error
            proxymap unix - - n - - proxymap
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            tlsmgr unix - - n 1000? 1 tlsmgr
            postlog unix-dgram n - n - 1 postlogd

            """);
    }

    private string Storing()
    {
        ServerCertificate.Write(Certificate);
        return $$"""
            virtual_mailbox_domains = inbox.example
            virtual_mailbox_base = {{_folder.File("data/inbox")}}
            virtual_mailbox_maps = static:box/
            virtual_uid_maps = static:1
            virtual_gid_maps = static:1
            virtual_minimum_uid = 1
            smtpd_recipient_restrictions = check_recipient_access inline:{nobody@inbox.example=REJECT}, {{(_login is null ? "permit_mynetworks" : "permit_sasl_authenticated")}}, reject
            smtpd_tls_security_level = may
            smtpd_tls_chain_files = {{Certificate}}
            {{_login?.Settings}}
            """;
    }

    [GeneratedRegex("to=<([^>]+)>.*status=sent")]
    private static partial Regex SentTo();
}
