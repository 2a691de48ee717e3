using System.Buffers;
using System.Text;
using Delivery.Mta.Dkim;
using Delivery.Mta.Messages;
using Delivery.Mta.Smtp;
using Delivery.Mta.Tests.Smtp;
using Delivery.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>dkimpy accepts what is sent, as it comes off the wire, and nothing else.</summary>
public sealed class VerifiedByOthersTests : IDisposable
{
    private const int Messages = 1_000;
    private const int PerContent = 20;

    private readonly TestKeys _keys = new();

    public void Dispose() => _keys.Dispose();

    [ToolFact(DkimPy.Tool)]
    public async Task A_thousand_varied_messages_verify_and_no_tampered_copy_does()
    {
        _keys.Add("one.example", "a");
        _keys.Add("two.example", "new");
        _keys.Add("two.example", "old");
        var sent = Compose();
        await using var server = new ScriptedSmtpServer();
        var options = SmtpRun.Options(server.Port);
        options.Connections = 4;
        using var pool = new SmtpPool(options, SmtpRun.Filled(sent).Reader, TimeProvider.System, NullLogger<SmtpPool>.Instance);

        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(120));

        var received = server.Messages.Select(message => message.Raw).ToList();
        Assert.Equal(Messages, received.Count);
        var verdicts = await DkimPy.VerifyAsync(_keys.Records, received);
        for (var i = 0; i < received.Count; i++)
            Assert.True(verdicts[i].AsSpan().SequenceEqual(Encoding.Latin1.GetString(received[i]).Contains("@two.example>", StringComparison.Ordinal) ? [true, true] : [true]), Encoding.Latin1.GetString(received[i]));

        var tampered = received.SelectMany(message => Tampering.Of(message, IsAttached(message))).ToList();
        Assert.True(tampered.Count > 11 * Messages + Messages / 4);
        var refused = await DkimPy.VerifyAsync(_keys.Records, tampered.ConvertAll(copy => copy.Message));
        for (var i = 0; i < tampered.Count; i++)
            Assert.True(refused[i] is [false] or [false, false], tampered[i].What + "\n" + Encoding.Latin1.GetString(tampered[i].Message));
    }

    [ToolFact(DkimPy.Tool)]
    public async Task Fields_and_bodies_of_any_form_verify()
    {
        _keys.Add("one.example", "a");
        using var signer = new DkimSigner(_keys.Keys);
        var random = new Random(822);
        string[] blanks = [" ", "  ", "\t", "\r\n ", "\r\n\t", " \r\n  "];
        string[] body = ["a", " ", "\t", "  ", "\r\n", "\r\n\r\n", " \r\n", ".", "é", new string('z', 700)];
        string[] names = ["Subject", "SUBJECT", "X-Other", "Cc", "cc", "References", "Reply-To", "To", "List-Id", "list-id"];
        var messages = new List<byte[]>();
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 400; i++)
        {
            var message = new StringBuilder("From:").Append(Pick(blanks)).Append("a@one.example\r\n");
            for (var field = random.Next(8); field >= 0; field--)
            {
                message.Append(Pick(names)).Append(':');
                for (var word = random.Next(6); word > 0; word--)
                    message.Append(Pick(blanks)).Append('w').Append(word);
                message.Append(random.Next(3) == 0 ? " \t\r\n" : "\r\n");
            }

            message.Append("\r\n");
            for (var piece = random.Next(30); piece > 0; piece--)
                message.Append(Pick(body));
            var whole = Encoding.UTF8.GetBytes(message.Append("\r\n").ToString());
            var cut = random.Next(Array.LastIndexOf(whole, (byte)'\r'), whole.Length);
            cut = Math.Max(cut, message.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
            cut = Math.Min(cut, whole.Length);
            output.ResetWrittenCount();
            signer.Sign("one.example", whole.AsSpan(0, cut), whole.AsSpan(cut), Date, output);
            messages.Add([.. output.WrittenSpan, .. whole]);
        }

        var verdicts = await DkimPy.VerifyAsync(_keys.Records, messages);

        for (var i = 0; i < messages.Count; i++)
            Assert.True(verdicts[i] is [true], Encoding.UTF8.GetString(messages[i]));

        string Pick(string[] pieces) => pieces[random.Next(pieces.Length)];
    }

    private TestMessage[] Compose()
    {
        using var signer = new DkimSigner(_keys.Keys);
        var composer = new MessageComposer(Tokens, signer);
        var mail = new VariedMail(20261122);
        var messages = new List<TestMessage>();
        var output = new ArrayBufferWriter<byte>();
        string[] senders = ["news@one.example", "news@two.example", "news@mail.one.example"];
        for (var content = 0; messages.Count < Messages; content++)
        {
            var compiled = mail.Content(senders[content % senders.Length], attached: content % 2 == 0);
            for (var i = 0; i < PerContent; i++)
            {
                output.ResetWrittenCount();
                Assert.True(composer.TryCompose(compiled, mail.Recipient(messages.Count), output, out var failure), failure.ToString());
                messages.Add(new TestMessage($"r{messages.Count}@example.test") { Body = output.WrittenSpan.ToArray(), SharedTail = compiled.SharedTail });
            }
        }

        return [.. messages];
    }

    private static bool IsAttached(byte[] message) => Encoding.Latin1.GetString(message).Contains("multipart/mixed", StringComparison.Ordinal);
}
