using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Delivery.Cli.Sink;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Sink;

public sealed class SmtpSinkTests
{
    private readonly ConcurrentQueue<CapturedMessage> _captured = new();

    [Fact]
    public async Task A_pipelined_transaction_is_captured_and_answered_in_one_write()
    {
        await using var sink = Start();
        using var client = await RawClient.OpenAsync(sink.Port);

        var replies = await client.AskAsync(
            "EHLO me\r\nMAIL FROM:<a@x.test> SIZE=10 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<jörg@y.test>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n", 11);

        Assert.Equal(["250 ENHANCEDSTATUSCODES", "250 2.1.0 Ok", "250 2.1.5 Ok", "354 End with a dot", "250 2.0.0 Ok", "221 2.0.0 Bye"], replies[5..]);
        Assert.Equal(1, client.Reads);
        var message = Assert.Single(_captured);
        Assert.Equal((1L, "a@x.test", "jörg@y.test", "Subject: x\r\n\r\n.dot\r\n"), (message.Number, message.From, message.To, Encoding.UTF8.GetString(message.Raw)));
        Assert.InRange(message.Received, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Bodies_cut_anywhere_arrive_as_they_were_sent()
    {
        await using var sink = Start();
        using var client = await RawClient.OpenAsync(sink.Port);
        var random = new Random(99);
        string[] pieces = ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", ".", "..", "\r", "\n", "\r\n", "text", new string('x', 3000)];
        var bodies = Enumerable.Range(0, 150)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)])) + "\r\n").ToList();
        bodies.Add(new string('y', 2_000_000) + "\r\n");
        bodies.Add("\r\n");

        foreach (var body in bodies)
        {
            var stuffed = body.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
            if (stuffed.StartsWith('.')) stuffed = "." + stuffed;
            var wire = $"MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n{stuffed}.\r\n";
            for (var at = 0; at < wire.Length;)
            {
                var length = Math.Min(wire.Length - at, random.Next(3) == 0 ? 1 : random.Next(1, 200_000));
                await client.SendAsync(wire.Substring(at, length));
                at += length;
            }
            Assert.Equal("250 2.0.0 Ok", (await client.ReadAsync(4))[3]);
        }

        Assert.Equal(bodies, _captured.Select(m => Encoding.Latin1.GetString(m.Raw)));
        Assert.Equal(bodies.Sum(b => b.Length), sink.Bytes);
    }

    [Fact]
    public async Task An_empty_body_and_the_null_path_are_taken()
    {
        await using var sink = Start();
        using var client = await RawClient.OpenAsync(sink.Port);

        await client.AskAsync("MAIL FROM:<>\r\nRCPT TO:<b@y.test>\r\nRCPT TO:<c@y.test>\r\nDATA\r\n.\r\n", 5);

        Assert.Equal([("", "b@y.test", 0), ("", "c@y.test", 0)], _captured.Select(m => (m.From, m.To, m.Raw.Length)));
        Assert.Equal(2, sink.Messages);
    }

    [Fact]
    public async Task Commands_out_of_order_are_refused_and_RSET_begins_anew()
    {
        await using var sink = Start();
        using var client = await RawClient.OpenAsync(sink.Port);

        var replies = await client.AskAsync(
            "RCPT TO:<b@y.test>\r\nDATA\r\nMAIL FROM:<a@x.test>\r\nMAIL FROM:<a@x.test>\r\nDATA\r\nRSET\r\nDATA\r\nmail from: a@x.test\r\nrcpt to:<>\r\nMAIL TO:<x>\r\nWHAT\r\nNOOP\r\n", 12);

        Assert.Equal(["503", "503", "250", "503", "503", "250", "503", "250", "501", "503", "500", "250"], replies.Select(r => r[..3]));
        Assert.Empty(_captured);
    }

    [Fact]
    public async Task An_endless_line_is_refused_once_and_the_session_goes_on()
    {
        await using var sink = Start();
        using var client = await RawClient.OpenAsync(sink.Port);

        await client.SendAsync(new string('A', 1_000_000));
        var replies = await client.AskAsync("\r\nNOOP\r\n", 2);

        Assert.Equal(["500 5.5.2 Line too long", "250 2.0.0 Ok"], replies);
    }

    [Fact]
    public async Task A_message_over_the_cap_is_refused_and_the_next_one_taken()
    {
        await using var sink = Start(new SinkOptions { MaxMessageBytes = 1000 });
        using var client = await RawClient.OpenAsync(sink.Port);

        var replies = await client.AskAsync($"MAIL FROM:<a@x.test> SIZE=1001\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n{new string('x', 999)}\r\n.\r\n", 5);
        Assert.Equal(["552", "250", "250", "354", "552"], replies.Select(r => r[..3]));
        replies = await client.AskAsync($"MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n{new string('x', 998)}\r\n.\r\n", 4);
        Assert.Equal("250 2.0.0 Ok", replies[3]);
        Assert.Equal(1000, Assert.Single(_captured).Raw.Length);
    }

    [Fact]
    public async Task A_client_that_only_errs_is_sent_away()
    {
        await using var sink = Start(new SinkOptions { MaxErrors = 3 });
        using var client = await RawClient.OpenAsync(sink.Port);

        var replies = await client.AskAsync("A\r\nB\r\nC\r\nD\r\nNOOP\r\n", 4);

        Assert.Equal(["500", "500", "500", "421"], replies.Select(r => r[..3]));
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_silent_client_is_left()
    {
        await using var sink = Start(new SinkOptions { IdleTimeout = TimeSpan.FromMilliseconds(50) });
        using var client = await RawClient.OpenAsync(sink.Port);

        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Messages_are_written_to_the_folder()
    {
        var folder = Directory.CreateTempSubdirectory("sink-").FullName;
        try
        {
            await using var sink = Start(new SinkOptions { MessagesFolder = Path.Combine(folder, "new") });
            using var client = await RawClient.OpenAsync(sink.Port);

            await client.AskAsync("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\nSubject: x\r\n\r\nä\r\n.\r\n", 4);

            var message = Assert.Single(_captured);
            Assert.Equal(Path.Combine(folder, "new", "000001.eml"), message.File);
            Assert.Equal(message.Raw, await File.ReadAllBytesAsync(message.File!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_owner_that_fails_has_the_client_try_again()
    {
        await using var sink = new SmtpSink(new SinkOptions(), TimeProvider.System, _ => throw new IOException("full"));
        using var client = await RawClient.OpenAsync(sink.Port);

        var replies = await client.AskAsync("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n.\r\nNOOP\r\n", 5);

        Assert.Equal(["451", "250"], replies[3..].Select(r => r[..3]));
        Assert.Equal(0, sink.Messages);
    }

    [Fact]
    public async Task A_full_channel_holds_the_answer_back_and_does_not_hold_up_the_end()
    {
        var channel = Channel.CreateBounded<CapturedMessage>(1);
        var sink = new SmtpSink(new SinkOptions(), TimeProvider.System, m => channel.Writer.WriteAsync(m));
        using var client = await RawClient.OpenAsync(sink.Port);
        const string Transaction = "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n.\r\n";

        await client.AskAsync(Transaction, 4);
        await client.SendAsync(Transaction);
        await Task.Delay(100);
        Assert.Equal(1, sink.Messages);
        await channel.Reader.ReadAsync();
        Assert.Equal(4, (await client.ReadAsync(4)).Length);
        await client.SendAsync(Transaction);

        await sink.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var sink = Start();

        var error = Assert.Throws<IOException>(() => Start(new SinkOptions { EndPoint = sink.EndPoint }));

        Assert.Contains($"127.0.0.1:{sink.Port}", error.Message);
    }

    [Fact]
    public async Task Twenty_connections_at_once_lose_nothing()
    {
        await using var sink = Start();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async c =>
        {
            using var client = await RawClient.OpenAsync(sink.Port);
            var wire = string.Concat(Enumerable.Range(0, 50).Select(
                i => $"MAIL FROM:<a@x.test>\r\nRCPT TO:<r{c}-{i}@y.test>\r\nDATA\r\nSubject: {c}-{i}\r\n\r\n{new string('x', 1000)}\r\n.\r\n"));
            await client.AskAsync(wire, 200);
        }));

        Assert.Equal(1000, _captured.Select(m => m.To).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), _captured.Select(m => m.Number).Order());
        Assert.All(_captured, m => Assert.StartsWith("Subject: " + m.To[1..m.To.IndexOf('@')] + "\r\n", Encoding.ASCII.GetString(m.Raw)));
    }

    [Fact]
    public async Task Pythons_smtplib_gets_its_mail_through()
    {
        await using var sink = Start();
        const string Script = """
            import smtplib, sys
            from email.message import EmailMessage
            m = EmailMessage()
            m["From"] = "Ann <ann@x.test>"; m["To"] = "b@y.test"; m["Subject"] = "Grüße"
            m.set_content("Hello\n.\n..\nend\n")
            with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), local_hostname="py.test") as s:
                s.send_message(m)
                s.send_message(m, to_addrs=["c@y.test", "d@y.test"])
            """;
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Script, sink.Port.ToString()]) { RedirectStandardError = true })!;
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();

        Assert.Equal("", errors);
        Assert.Equal(["b@y.test", "c@y.test", "d@y.test"], _captured.Select(m => m.To));
        Assert.EndsWith("\r\n\r\nHello\r\n.\r\n..\r\nend\r\n", Encoding.ASCII.GetString(_captured.First().Raw));
    }

    [Fact]
    public async Task A_folder_with_mail_is_continued_and_one_that_was_tidied_away_is_made_again()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("000041.eml"), "earlier");
        await File.WriteAllTextAsync(folder.File("notes.eml"), "");
        await using var sink = Start(new SinkOptions { MessagesFolder = folder.Path });
        using var client = await RawClient.OpenAsync(sink.Port);
        const string mail = "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\nx\r\n.\r\n";

        await client.AskAsync(mail, 4);
        Assert.Equal("earlier", await File.ReadAllTextAsync(folder.File("000041.eml")));
        Assert.Equal("x\r\n", await File.ReadAllTextAsync(folder.File("000042.eml")));
        Directory.Delete(folder.Path, recursive: true);
        Assert.StartsWith("250", (await client.AskAsync(mail, 4))[^1], StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("000043.eml")));
    }

    private SmtpSink Start(SinkOptions? options = null) => new(options ?? new SinkOptions(), TimeProvider.System, message =>
    {
        _captured.Enqueue(message);
        return ValueTask.CompletedTask;
    });

    private sealed class RawClient : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[64 * 1024];
        private string _unread = "";

        /// <summary>Socket reads that the replies took since the banner.</summary>
        public int Reads { get; private set; }

        public static async Task<RawClient> OpenAsync(int port)
        {
            var client = new RawClient();
            await client._socket.ConnectAsync(IPAddress.Loopback, port);
            Assert.Equal("220 sink ESMTP", Assert.Single(await client.ReadAsync(1)));
            client.Reads = 0;
            return client;
        }

        public async Task SendAsync(string text)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), deadline.Token);
        }

        public async Task<string[]> AskAsync(string text, int lines)
        {
            await SendAsync(text);
            return await ReadAsync(lines);
        }

        public async Task<string[]> ReadAsync(int lines)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var result = new string[lines];
            for (var i = 0; i < lines; i++)
            {
                int end;
                while ((end = _unread.IndexOf("\r\n", StringComparison.Ordinal)) < 0)
                {
                    var count = await _socket.ReceiveAsync(_buffer, deadline.Token);
                    Assert.NotEqual(0, count);
                    Reads++;
                    _unread += Encoding.ASCII.GetString(_buffer, 0, count);
                }
                result[i] = _unread[..end];
                _unread = _unread[(end + 2)..];
            }
            return result;
        }

        public async Task<bool> IsClosedAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                return await _socket.ReceiveAsync(_buffer, deadline.Token) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}
