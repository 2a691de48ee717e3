using System.Text;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Tests.Messages;

public sealed class EncodingTests
{
    private static readonly string[] Pieces = ["a", " ", "\t", "\n", "=", "=_", ".", "é", "שלום", "😀", "word ", "?", "_", "\"", "\\", "\u0001", "=?", "abcdefghijklmnopqrstuvwxyz0123456789", "<a href=\"x\">"];

    [Fact]
    public void Quoted_printable_gives_back_the_text()
    {
        var random = new Random(3);
        var buffer = new ByteBuffer();
        for (var round = 0; round < 20_000; round++)
        {
            var text = Some(random, 40);
            buffer.Clear();
            QuotedPrintable.Encode(Encoding.UTF8.GetBytes(text), buffer);
            var encoded = Encoding.ASCII.GetString(buffer.Written);
            Assert.Equal(text, ReceivedMail.Decode(encoded));
            Assert.DoesNotContain("=_", encoded, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a\r\nb", "a\r\nb")]
    [InlineData("a\rb\n", "a\r\nb\r\n")]
    [InlineData("a \nb\t", "a=20\r\nb=09")]
    [InlineData("= é", "=3D =C3=A9")]
    public void Quoted_printable_is_written_so(string text, string expected)
    {
        var buffer = new ByteBuffer();
        QuotedPrintable.Encode(Encoding.UTF8.GetBytes(text), buffer);
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer.Written));
    }

    [Fact]
    public void A_text_header_gives_back_its_text()
    {
        var random = new Random(4);
        var buffer = new ByteBuffer();
        for (var round = 0; round < 20_000; round++)
        {
            var text = Some(random, 30);
            var clean = HeaderText.Clean(Encoding.UTF8.GetBytes(text), new ByteBuffer());
            var expected = Encoding.UTF8.GetString(clean);
            buffer.Clear();
            HeaderWriter.WriteText("Subject"u8, clean, buffer);
            var written = Encoding.ASCII.GetString(buffer.Written);
            Assert.EndsWith("\r\n", written, StringComparison.Ordinal);
            foreach (var line in written.Split("\r\n"))
            {
                Assert.InRange(line.Length, 0, line.Contains("=?UTF-8", StringComparison.Ordinal) ? 78 : 998);
                Assert.False(line.Length > 0 && string.IsNullOrWhiteSpace(line), "a line of blanks");
            }
            Assert.Equal(expected, Unfold(written["Subject: ".Length..]));
        }
    }

    private static string Some(Random random, int pieces)
    {
        var text = new StringBuilder();
        for (var n = random.Next(pieces); n > 0; n--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    private static string Unfold(string written)
    {
        var value = written.Replace("\r\n", "", StringComparison.Ordinal);
        if (!value.StartsWith("=?UTF-8?", StringComparison.Ordinal))
            return value;
        var bytes = new List<byte>();
        foreach (var word in value.Split(' '))
        {
            Assert.InRange(word.Length, 13, 75);
            var parts = word.Split('?');
            Assert.Equal(("=", "UTF-8", "="), (parts[0], parts[1], parts[4]));
            var decoded = parts[2] == "B"
                ? Convert.FromBase64String(parts[3])
                : [.. ReceivedMail.DecodeBytes(parts[3].Replace('_', ' ') + ".").SkipLast(1)];
            // Cut between characters: each word is valid UTF-8 by itself.
            Assert.NotEmpty(new UTF8Encoding(false, true).GetString(decoded));
            bytes.AddRange(decoded);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
