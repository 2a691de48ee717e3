namespace Delivery.Integration.Tests.Servers;

/// <summary>Exim 4: PIPELINING, CHUNKING, SMTPUTF8, STARTTLS, AUTH PLAIN (user "sender", password "open sesame").</summary>
internal sealed class EximServer : MailServer
{
    private readonly ServerRoot _root;

    private EximServer(ServerRoot root) => _root = root;

    public override string Inbox => _root.File("home/box/Maildir/new");

    public override string Certificate => _root.File("etc/exim4/certificate.pem");

    public static async Task<MailServer> StartAsync()
    {
        var server = new EximServer(await ServerRoot.CreateAsync("exim", "usr/sbin/exim4"));
        await server._root.GiveToAsync("Debian-exim", "var/spool/exim4", "var/log/exim4");
        Directory.CreateDirectory(server._root.File("etc/exim4"));
        ServerCertificate.Write(server.Certificate);
        await Shell.RunAsync("chown", "900:900", server.Certificate);
        await File.WriteAllTextAsync(server._root.File("etc/exim4/exim4.conf"), $$$"""
            exim_path = /usr/sbin/exim4
            primary_hostname = mx.exim.example
            spool_directory = /var/spool/exim4
            log_file_path = /var/log/exim4/%slog
            pid_file_path = /var/spool/exim4/pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {{{server.Port}}}
            tls_advertise_hosts = *
            tls_certificate = /etc/exim4/certificate.pem
            tls_privatekey = /etc/exim4/certificate.pem
            auth_advertise_hosts = *
            smtputf8_advertise_hosts = *
            acl_smtp_rcpt = rcpt
            acl_smtp_data = accept
            smtp_accept_queue_per_connection = 0
            message_size_limit = 100M
            keep_environment =
            host_lookup =
            rfc1413_query_timeout = 0s
            never_users =
            begin acl
            rcpt:
              deny local_parts = nobody
                   message = No such user here
              accept
            begin routers
            all:
              driver = accept
              transport = box
            begin transports
            box:
              driver = appendfile
              directory = /home/box/Maildir
              maildir_format
              create_directory
              user = box
              message_prefix =
              message_suffix =
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = ${if and{ {eq{$auth2}{sender}}{eq{$auth3}{open sesame}} }}
              server_set_id = $auth2

            """);
        await server.StartAsync(server._root.Start("/usr/sbin/exim4", "-bdf", "-q30m"));
        return server;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _root.Dispose();
    }
}
