using System.Text;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Smtp;

/// <summary>Both sides write and read at once, in pieces of any size.</summary>
public sealed class ChunkingFlowTests
{
    [Fact]
    public async Task Full_buffers_on_both_sides_do_not_stop_the_flow()
    {
        // 60 KB a reply, four replies a message, and 16 MB in flight: more than any socket holds.
        await using var peer = new ChunkPeer { ReplyLines = 30 };
        var options = SmtpRun.Chunked(peer.Port);
        options.ChunkingWindowBytes = 67_108_864;
        var messages = Enumerable.Range(0, 24).Select(i => new TestMessage($"r{i}@example.test", new string((char)('a' + i), 1_000_000) + "\r\n")).ToArray();

        Assert.Null(await SmtpRun.SendAsync(options, messages));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(messages.Select(m => (m.EnvelopeTo.Length, m.Body.Span[0], 1_000_002)), peer.Messages.Select(m => (m.Recipient.Length, m.Octets[0], m.Octets.Length)));
    }

    [Fact]
    public async Task A_message_that_is_answered_early_is_its_owners_again_only_when_it_is_written()
    {
        await using var peer = new ChunkPeer
        {
            AnswersFirst = true,
            Answer = (verb, message) => message == 1 ? verb == "MAIL" ? "552 5.3.4 Too large" : "503 5.5.1 Not that one" : null,
        };
        var options = SmtpRun.Chunked(peer.Port);
        options.ChunkingWindowBytes = 67_108_864;
        var bodies = Enumerable.Range(0, 4).Select(i => Enumerable.Repeat((byte)'x', i == 1 ? 16_000_000 : 4000).ToArray()).ToArray();
        // The owner uses its buffer again at once.
        var messages = bodies.Select((body, i) => new TestMessage($"r{i}@example.test") { Body = body, OnComplete = _ => body.AsSpan().Fill((byte)'!') }).ToArray();

        Assert.Null(await SmtpRun.SendAsync(options, messages));

        var attempts = await SmtpRun.OutcomesAsync(messages);
        Assert.Equal((AttemptResult.Refused, SmtpStage.Mail, "552 5.3.4 Too large"), (attempts[1].Result, attempts[1].Stage, attempts[1].Reply.ToString()));
        Assert.Equal(3, attempts.Count(a => a.Result == AttemptResult.Delivered));
        Assert.Equal([4002, 16_000_002, 4002, 4002], peer.Chunks.Select(c => c.Length));
        Assert.All(peer.Chunks, chunk => Assert.False(chunk.AsSpan().Contains((byte)'!')));
    }

    [Fact]
    public async Task A_peer_that_takes_a_body_before_it_has_it_all_has_not_taken_it()
    {
        await using var peer = new ChunkPeer { AnswersFirst = true };
        var options = SmtpRun.Chunked(peer.Port);
        options.ChunkingWindowBytes = 67_108_864;
        var message = new TestMessage("r@example.test") { Body = Enumerable.Repeat((byte)'x', 32_000_000).ToArray() };

        Assert.Equal(SmtpLoss.Unfit, (await SmtpRun.SendAsync(options, message))?.Loss);

        Assert.Equal(AttemptResult.ConnectionLost, Assert.Single(await SmtpRun.OutcomesAsync(message)).Result);
    }

    [Fact]
    public async Task Messages_and_answers_keep_together_however_they_are_cut()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var answers = Enumerable.Range(0, 60).Select(_ => random.Next(10) switch
            {
                0 => "MAIL 550 5.1.8 Unknown sender",
                1 => "RCPT 450 4.2.1 Mailbox busy",
                2 => "RCPT 550-5.1.1 No\r\n550 5.1.1 such user",
                3 => "BDAT 554 5.7.1 Spam",
                _ => "",
            }).ToArray();
            await using var peer = new ChunkPeer
            {
                Pieces = new Random(seed),
                Answer = (verb, message) => answers[message].StartsWith(verb, StringComparison.Ordinal) ? answers[message][5..] : null,
            };
            var options = SmtpRun.Chunked(peer.Port);
            (options.ChunkingMaxInFlight, options.ChunkingWindowBytes) = (random.Next(1, 20), random.Next(1024, 40_000));
            var messages = answers.Select((_, i) => new TestMessage($"r{i}@example.test")
            {
                Body = RandomText(random),
                SharedTail = random.Next(3) == 0 ? RandomText(random) : default,
            }).ToArray();

            Assert.Null(await SmtpRun.SendAsync(options, messages));

            var attempts = await SmtpRun.OutcomesAsync(messages);
            for (var i = 0; i < messages.Length; i++)
                Assert.Equal(answers[i].Length == 0 ? "250 2.0.0 Ok: queued" : answers[i][5..].Replace("550-5.1.1 No\r\n550 5.1.1", "550 5.1.1 No", StringComparison.Ordinal), attempts[i].Reply.ToString());
            var delivered = Enumerable.Range(0, messages.Length).Where(i => answers[i].Length == 0).ToArray();
            Assert.Equal(delivered.Select(i => $"r{i}@example.test"), peer.Messages.Select(m => m.Recipient));
            for (var i = 0; i < messages.Length; i++) Assert.Equal(Clean(messages[i]), Encoding.Latin1.GetString(peer.Chunks[i]));
        }
    }

    [Fact]
    public void The_octets_of_BDAT_are_what_a_peer_stores_after_DATA()
    {
        var random = new Random(7);
        ReadOnlyMemory<byte> cleanTail = default;
        for (var round = 0; round < 5_000; round++)
        {
            var message = new TestMessage("r@example.test") { Body = RandomText(random), SharedTail = random.Next(3) == 0 ? RandomText(random) : default };

            var body = ChunkBody.Of(message, ref cleanTail);

            var octets = Encoding.Latin1.GetString(body.First.Span) + Encoding.Latin1.GetString(body.Second.Span) + (body.EndsOpen ? "\r\n" : "");
            Assert.Equal(octets.Length, body.Length);
            Assert.Equal(Clean(message), octets);
            Assert.DoesNotContain(octets.Replace("\r\n", "", StringComparison.Ordinal), c => c is '\r' or '\n');
            Assert.Equal(AfterData(message), octets);
        }
    }

    [Fact]
    public void The_window_holds_its_bounds_and_its_order()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (most, bytes) = (random.Next(1, 6), random.Next(10, 60));
            var window = new ChunkWindow(most, bytes);
            var (flying, written, admitted) = (new Queue<ChunkFlight>(), new Queue<ChunkFlight>(), 0);
            for (var step = 0; step < 300; step++)
            {
                switch (random.Next(3))
                {
                    case 0:
                        var flight = new ChunkFlight(new TestMessage("r@example.test"), new ChunkBody(new byte[random.Next(1, 80)], default, false), admitted);
                        var fits = flying.Count < most && (flying.Count == 0 || flying.Sum(f => f.Body.Length) + flight.Body.Length <= bytes);
                        Assert.Equal(fits, window.TryAdmit(flight, out _));
                        if (!fits) break;
                        admitted++;
                        flying.Enqueue(flight);
                        written.Enqueue(flight);
                        break;
                    case 1:
                        Assert.Equal(written.Count > 0, window.TryWrite(mayRest: true, out var next));
                        if (written.Count > 0) Assert.Equal(written.Dequeue(), next);
                        window.Hand(whole: true);
                        break;
                    default:
                        if (flying.Count <= written.Count) break;
                        Assert.Equal((flying.Dequeue(), SmtpStage.Final), (window.Head, window.Stage()));
                        window.RemoveHead();
                        break;
                }
                Assert.Equal((flying.Count == 0, flying.Count < most), (window.IsEmpty, window.HasPlace));
            }
        }
    }

    private static byte[] RandomText(Random random)
    {
        var text = new byte[random.Next(0, 400)];
        for (var i = 0; i < text.Length; i++) text[i] = (byte)"ab.\r\n\r\n"[random.Next(random.Next(4) == 0 ? 5 : 3)];
        if (random.Next(2) == 0) return Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(text).ReplaceLineEndings("\r\n"));
        return text;
    }

    private static string Clean(OutgoingMessage message)
    {
        var text = Encoding.Latin1.GetString(message.Body.Span) + Encoding.Latin1.GetString(message.SharedTail.Span);
        var clean = System.Text.RegularExpressions.Regex.Replace(text, "\r\n|\r|\n", "\r\n");
        return clean.Length == 0 || clean.EndsWith('\n') ? clean : clean + "\r\n";
    }

    private static string AfterData(OutgoingMessage message)
    {
        var stuffer = new DotStuffer();
        var wire = new byte[4000];
        stuffer.Copy(message.Body.Span, wire, out _, out var first);
        stuffer.Copy(message.SharedTail.Span, wire.AsSpan(first), out _, out var second);
        var length = first + second + stuffer.Finish(wire.AsSpan(first + second));
        var text = Encoding.Latin1.GetString(wire, 0, length - 3);
        if (text.StartsWith('.')) text = text[1..];
        return text.Replace("\r\n.", "\r\n", StringComparison.Ordinal);
    }
}
