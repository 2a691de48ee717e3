using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Delivery.Mta.Smtp;
using Delivery.Mta.Smtp.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>Against servers that others wrote.</summary>
public sealed class ForeignServerTests
{
    [ToolFact("postfix/usr/sbin/smtp-sink")]
    public async Task Postfixs_smtp_sink_gets_every_message_whole()
    {
        var folder = Directory.CreateTempSubdirectory("smtp-sink-").FullName;
        var postfix = ToolFactAttribute.Find("postfix")!;
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(postfix, "usr/sbin/smtp-sink")) { WorkingDirectory = folder, RedirectStandardError = true };
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "root"] : [];
        foreach (var argument in (string[])[.. user, "-d", "m.%M", $"127.0.0.1:{port}", "100"]) start.ArgumentList.Add(argument);
        start.Environment["LD_LIBRARY_PATH"] = string.Join(':', ((string[])["usr/lib/postfix", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"]).Select(f => Path.Combine(postfix, f)));
        using var sink = Process.Start(start)!;
        try
        {
            await WaitForListenerAsync(port, sink);
            var messages = Messages(400);

            await SendAsync(port, messages);

            Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal("250 2.0.0 Ok", a.Reply.ToString()));
            var dumps = Directory.GetFiles(folder).Select(File.ReadAllText).ToList();
            Assert.Equal(400, dumps.Count);
            foreach (var message in messages)
            {
                var to = Encoding.ASCII.GetString(message.EnvelopeTo.Span);
                var dump = Assert.Single(dumps, d => d.Contains($"X-Rcpt-Args: <{to}>\n", StringComparison.Ordinal));
                Assert.Contains(Encoding.ASCII.GetString(message.Body.Span).ReplaceLineEndings("\n"), dump, StringComparison.Ordinal);
            }
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [ToolFact("python/usr/lib/python3/dist-packages/aiosmtpd")]
    public async Task Aiosmtpd_gets_every_message_whole_and_its_refusals_come_through()
    {
        const string Script = """
            import asyncio, base64, json
            from aiosmtpd.smtp import SMTP
            class Handler:
                async def handle_RCPT(self, server, session, envelope, address, options):
                    if address.startswith("r3"): return "550 5.1.1 No such user"
                    envelope.rcpt_tos.append(address); return "250 OK"
                async def handle_DATA(self, server, session, envelope):
                    if envelope.rcpt_tos[0].startswith("r4"): return "451 4.7.1 Greylisted"
                    print(json.dumps([envelope.mail_from, envelope.rcpt_tos, base64.b64encode(envelope.original_content).decode()]), flush=True)
                    return "250 2.0.0 Taken"
            async def main():
                loop = asyncio.get_running_loop()
                server = await loop.create_server(lambda: SMTP(Handler(), enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
                print(server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            asyncio.run(main())
            """;
        var start = new ProcessStartInfo("python3", ["-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = ToolFactAttribute.Find("python/usr/lib/python3/dist-packages");
        start.Environment["PYTHONWARNINGS"] = "ignore";
        using var server = Process.Start(start)!;
        try
        {
            var port = int.Parse((await server.StandardOutput.ReadLineAsync())!);
            TestMessage[] messages = [.. Messages(30), new TestMessage("jörg@example.test", "Subject: Grüße\r\n\r\nä\r\n")];

            // Read while sending: what the server prints is more than its pipe holds.
            var reading = ReadLinesAsync(server.StandardOutput, messages.Length - 2);
            await SendAsync(port, messages);

            var attempts = await SmtpRun.OutcomesAsync(messages);
            Assert.Equal(1, attempts.Count(a => a is { Result: AttemptResult.Refused, Scope: FailureScope.Recipient }));
            Assert.Equal("550 5.1.1 No such user", attempts[3].Reply.ToString());
            Assert.Equal((AttemptResult.Deferred, "451 4.7.1 Greylisted"), (attempts[4].Result, attempts[4].Reply.ToString()));
            foreach (var line in await reading)
            {
                var got = JsonSerializer.Deserialize<JsonElement[]>(line)!;
                var to = Assert.Single(got[1].EnumerateArray()).GetString()!;
                var sent = Assert.Single(messages, m => Encoding.UTF8.GetString(m.EnvelopeTo.Span) == to);
                Assert.Equal(sent.Body.ToArray(), got[2].GetBytesFromBase64());
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    [ToolFact("python/usr/lib/python3/dist-packages/aiosmtpd")]
    public async Task Aiosmtpd_takes_every_login_under_TLS_that_checks_it()
    {
        const string Script = """
            import asyncio, base64, hashlib, hmac, os, ssl, sys
            from aiosmtpd.smtp import SMTP, AuthResult, MISSING
            USER, PASSWORD = b"mailer@shop.test", "Grüße, p=ss".encode()
            def check(server, session, envelope, mechanism, data):
                print("login", mechanism, session.ssl is not None, data.login == USER and data.password == PASSWORD, flush=True)
                return AuthResult(success=data.login == USER and data.password == PASSWORD, handled=False)
            class Handler:
                async def handle_DATA(self, server, session, envelope):
                    print("mail", envelope.rcpt_tos[0], session.ssl is not None, session.authenticated, flush=True)
                    return "250 2.0.0 Taken"
            class Scram(Handler):
                async def auth_SCRAM__SHA__256(self, server, args):
                    mac = lambda key, text: hmac.new(key, text, hashlib.sha256).digest()
                    client = base64.b64decode(args[1])
                    bare = client[3:]
                    nonce = bare.split(b",r=")[1] + b"." + os.urandom(9).hex().encode()
                    salt = os.urandom(16)
                    first = b"r=" + nonce + b",s=" + base64.b64encode(salt) + b",i=5000"
                    final = await server.challenge_auth(first)
                    without, proof = final.split(b",p=")
                    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, 5000)
                    stored = hashlib.sha256(mac(salted, b"Client Key")).digest()
                    message = bare + b"," + first + b"," + without
                    key = bytes(a ^ b for a, b in zip(base64.b64decode(proof), mac(stored, message)))
                    right = hashlib.sha256(key).digest() == stored and b"n=" + USER in bare
                    print("login", "SCRAM-SHA-256", server.session.ssl is not None, right, flush=True)
                    if not right: return AuthResult(success=False, handled=False)
                    await server.challenge_auth(b"v=" + base64.b64encode(mac(mac(salted, b"Server Key"), message)))
                    return AuthResult(success=True)
            async def main():
                loop = asyncio.get_running_loop()
                tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                tls.load_cert_chain(sys.argv[1])
                ports = []
                for handler, excluded in ((Handler(), ["LOGIN"]), (Handler(), ["PLAIN"]), (Scram(), None)):
                    make = lambda h=handler, e=excluded: SMTP(h, loop=loop, tls_context=tls, require_starttls=True, authenticator=check, auth_required=True, auth_exclude_mechanism=e)
                    server = await loop.create_server(make, "127.0.0.1", 0)
                    ports.append(server.sockets[0].getsockname()[1])
                    asyncio.ensure_future(server.serve_forever())
                print(*ports, flush=True)
                await asyncio.sleep(600)
            asyncio.run(main())
            """;
        var certificate = TestCertificates.File(TestCertificates.Good);
        var start = new ProcessStartInfo("python3", ["-c", Script, certificate]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = ToolFactAttribute.Find("python/usr/lib/python3/dist-packages");
        start.Environment["PYTHONWARNINGS"] = "ignore";
        using var server = Process.Start(start)!;
        try
        {
            var ports = (await server.StandardOutput.ReadLineAsync())!.Split(' ').Select(int.Parse).ToArray();
            string[] mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256"];
            for (var i = 0; i < ports.Length; i++)
            {
                var options = LoginTests.Options(ports[i], TlsPolicy.Verified);
                options.Password = "Grüße, p=ss";
                var messages = TestMessage.Many(3);
                var reading = ReadLinesAsync(server.StandardOutput, 4);

                Assert.Null(await SmtpRun.SendAsync(options, messages));

                Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
                Assert.Equal([$"login {mechanisms[i]} True True", .. Enumerable.Range(0, 3).Select(n => $"mail r{n}@example.test True True")], await reading.WaitAsync(TimeSpan.FromSeconds(20)));

                options.Password = "another";
                reading = ReadLinesAsync(server.StandardOutput, 1);
                var loss = await SmtpRun.SendAsync(options, new TestMessage("a@example.test"));
                Assert.Equal((SmtpLoss.LoginRefused, (ushort)535), (loss!.Loss, loss.Reply.Code));
                Assert.Equal([$"login {mechanisms[i]} True False"], await reading.WaitAsync(TimeSpan.FromSeconds(20)));
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static TestMessage[] Messages(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new TestMessage(
            i is > 2 and < 10 ? $"r{i}@example.test" : $"q{i}@example.test",
            $"Subject: number {i}\r\n\r\n.\r\n..dots\r\n" + string.Concat(Enumerable.Repeat($"line of {i}.\r\n.\r\n", i * 7 % 900)) + $"end {i}\r\n")),
    ];

    private static async Task SendAsync(int port, TestMessage[] messages)
    {
        var options = SmtpRun.Options(port);
        options.Connections = 5;
        using var pool = new SmtpPool(options, SmtpRun.Filled(messages).Reader, TimeProvider.System, NullLogger<SmtpPool>.Instance);
        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, pool.ConnectionsLost);
    }

    private static async Task<List<string>> ReadLinesAsync(StreamReader reader, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count && await reader.ReadLineAsync() is { } line) lines.Add(line);
        Assert.Equal(count, lines.Count);
        return lines;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task WaitForListenerAsync(int port, Process server)
    {
        await SmtpRun.UntilAsync(() =>
        {
            Assert.False(server.HasExited);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }
}
