using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>aiosmtpd, which keeps the bytes between DATA and the final dot as they came: SMTPUTF8, no PIPELINING. STARTTLS.</summary>
internal sealed class AiosmtpdServer : MailServer
{
    private const string Script = """
        import asyncio, os, ssl, sys, uuid
        from aiosmtpd.smtp import SMTP
        port, inbox, certificate = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("nobody@"): return "550 5.1.1 No such user here"
                envelope.rcpt_tos.append(address); return "250 2.1.5 Ok"
            async def handle_DATA(self, server, session, envelope):
                with open(os.path.join(inbox, uuid.uuid4().hex), "wb") as file: file.write(envelope.original_content)
                return "250 2.0.0 Taken"
        async def main():
            loop = asyncio.get_running_loop()
            make = lambda: SMTP(Handler(), enable_SMTPUTF8=True, data_size_limit=104857600, tls_context=context, loop=loop)
            server = await loop.create_server(make, "127.0.0.1", port)
            await server.serve_forever()
        asyncio.run(main())
        """;

    private readonly TemporaryFolder _folder = new();

    public override string Inbox => _folder.File("inbox");

    public override string Certificate => _folder.File("certificate.pem");

    public static async Task<MailServer> StartAsync()
    {
        var server = new AiosmtpdServer();
        Directory.CreateDirectory(server.Inbox);
        ServerCertificate.Write(server.Certificate);
        var start = new ProcessStartInfo("python3", ["-c", Script, $"{server.Port}", server.Inbox, server.Certificate]);
        start.Environment["PYTHONPATH"] = RepositoryRoot.Tool("python/usr/lib/python3/dist-packages");
        start.Environment["PYTHONWARNINGS"] = "ignore";
        await server.StartAsync(start);
        return server;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
