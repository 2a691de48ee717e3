using System.Text;
using Delivery.Cli.Demo.Mime;

namespace Delivery.Cli.Tests.Demo;

public sealed class MimeReaderTests
{
    [Fact]
    public void An_alternative_with_both_encodings_is_read()
    {
        var message = MimeReader.Read(Message("""
            From: =?UTF-8?Q?Almond_=26_Fig?= <hello@shop.example>
            Subject: =?UTF-8?B?15DXkdeZ15E=?=
             =?UTF-8?Q?_=D7=91=D7=90?= !
            List-Unsubscribe: <https://t.example/u/abc>,
             <mailto:out@t.example>
            Content-Type: multipart/alternative;
             boundary="=_a b"

            preamble
            --=_a b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            price =E2=82=AA5 =3D cheap=
             today
            end
            --=_a b
            Content-Type: text/html; charset="UTF-8"
            Content-Transfer-Encoding: base64

            PHA+16nXnNeV150=
            --=_a b--
            epilogue
            """));
        Assert.Equal("אביב בא !", message.Header("subject"));
        Assert.Equal("Almond & Fig <hello@shop.example>", message.Header("From"));
        Assert.Equal("<https://t.example/u/abc>, <mailto:out@t.example>", message.Header("List-Unsubscribe"));
        Assert.Equal("price ₪5 = cheap today\r\nend", message.Find("text/plain")!.Text());
        Assert.Equal("<p>שלום", message.Find("text/html")!.Text());
        Assert.Null(message.Find("text/calendar"));
    }

    [Fact]
    public void Multiparts_within_one_another_are_read()
    {
        var message = MimeReader.Read(Message("""
            Content-Type: multipart/mixed; boundary=out

            --out
            Content-Type: multipart/alternative; boundary=outer

            --outer
            Content-Type: text/html

            <p>
            --outer--
            --out
            Content-Type: application/pdf
            Content-Transfer-Encoding: base64

            AAEC
            --out--
            """));
        Assert.Equal("<p>", message.Find("text/html")!.Text());
        Assert.Equal([0, 1, 2], message.Find("application/pdf")!.Content.ToArray());
    }

    [Theory]
    [InlineData("Content-Transfer-Encoding: base64\n\nAA*=", "base64")]
    [InlineData("Content-Transfer-Encoding: base64\n\nAAE", "base64")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\n=ZZ", "hex")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\nend \nnext", "blank")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\nש", "quoted-printable")]
    [InlineData("Content-Transfer-Encoding: x-own\n\nabc", "x-own")]
    [InlineData("Subject: x\n\nש", "plain")]
    [InlineData("no header field here\n\nabc", "no header field")]
    [InlineData(" folded: first\n\nabc", "continuation")]
    [InlineData("Content-Type: multipart/mixed\n\nabc", "boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nabc\n", "closing")]
    [InlineData("Content-Type: text/plain; charset=\"utf-8\n\nabc", "quotation")]
    public void What_a_client_might_repair_is_an_error_here(string message, string expected)
    {
        var error = Assert.Throws<FormatException>(() => MimeReader.Read(Message(message)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_line_feed_is_an_error() =>
        Assert.Throws<FormatException>(() => MimeReader.Read("Subject: x\n\nabc"u8));

    [Fact]
    public void Text_that_is_not_in_its_charset_is_an_error()
    {
        var part = MimeReader.Read(Message("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n/w=="));
        Assert.Throws<FormatException>(part.Text);
    }

    [Fact]
    public void Any_octets_come_through_both_encodings()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 300; turn++)
        {
            var octets = new byte[random.Next(200)];
            random.NextBytes(octets);
            Assert.Equal(octets, MimeReader.Read(Message("Content-Transfer-Encoding: base64\n\n" + Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks).Replace("\r\n", "\n"))).Content.ToArray());
            var quoted = new StringBuilder("Content-Transfer-Encoding: quoted-printable\n\n");
            for (var i = 0; i < octets.Length; i++)
                quoted.Append(octets[i] is > 0x20 and < 0x7F and not (byte)'=' && random.Next(2) == 0 ? ((char)octets[i]).ToString() : $"={octets[i]:X2}").Append(i % 20 == 19 ? "=\n" : "");
            Assert.Equal(octets, MimeReader.Read(Message(quoted.ToString())).Content.ToArray());
        }
    }

    [Fact]
    public void Hostile_octets_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(2);
        var seed = Message("Content-Type: multipart/mixed; boundary=\"b\"\nSubject: =?utf-8?q?=41?=\n\n--b\nContent-Transfer-Encoding: quoted-printable\n\n=41=\nb\n--b--\n");
        for (var turn = 0; turn < 20_000; turn++)
        {
            var message = seed.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
            try
            {
                MimeReader.Read(message.AsSpan(0, random.Next(message.Length + 1))).Header("Subject");
            }
            catch (FormatException)
            {
            }
        }
    }

    private static byte[] Message(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
