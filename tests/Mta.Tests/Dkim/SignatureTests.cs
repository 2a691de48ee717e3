using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Delivery.Contracts.Dkim;
using Delivery.Mta.Dkim;
using Delivery.Mta.Messages;
using static Delivery.Mta.Tests.Messages.Composing;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>What stands in front of a signed message.</summary>
public sealed partial class SignatureTests : IDisposable
{
    private readonly TestKeys _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void The_field_says_what_was_signed_how_and_when()
    {
        _keys.Add("example.com", "2026a");
        var tags = Tags(Assert.Single(Fields(Sign("<p>x</p>"))));

        Assert.Equal(["v", "a", "c", "t", "d", "s", "h", "bh", "b"], tags.Keys);
        Assert.Equal(("1", "rsa-sha256", "relaxed/relaxed"), (tags["v"], tags["a"], tags["c"]));
        Assert.Equal(("example.com", "2026a"), (tags["d"], tags["s"]));
        Assert.Equal($"{Date.ToUnixTimeSeconds()}", tags["t"]);
        Assert.Equal(
            "from:from:to:to:cc:reply-to:subject:subject:date:date:message-id:message-id:mime-version:mime-version:content-type:content-type:"
            + "content-transfer-encoding:list-unsubscribe:list-unsubscribe:list-unsubscribe-post:list-unsubscribe-post:list-id:feedback-id",
            tags["h"]);
        Assert.Equal(32, Convert.FromBase64String(tags["bh"]).Length);
        Assert.Equal(256, Convert.FromBase64String(tags["b"]).Length);
    }

    [Fact]
    public void The_same_message_at_the_same_time_has_the_same_signature_and_the_message_behind_it_is_untouched()
    {
        var plain = Sign("<p>x</p>");
        Assert.Empty(Fields(plain));
        _keys.Add("example.com", "a");
        var signed = Sign("<p>x</p>");

        Assert.Equal(signed, Sign("<p>x</p>"));
        Assert.NotEqual(signed, Sign("<p>y</p>"));
        Assert.EndsWith(plain, signed, StringComparison.Ordinal);
        Assert.Equal(signed.Length - plain.Length, Fields(signed)[0].Length);
    }

    [Theory]
    [InlineData("example.com", "a", 2048)]
    [InlineData("example.com", "a-rather-long-selector-of-a-key.with-several-labels-in-it", 3072)]
    [InlineData("example.com", "b", 4096)]
    public void Lines_are_short(string domain, string selector, int bits)
    {
        _keys.Add(domain, selector, bits: bits);
        var field = Assert.Single(Fields(Sign("<p>x</p>")));

        Assert.All(field.Split("\r\n"), line => Assert.True(line.Length < 78, line));
        Assert.All(field.TrimEnd().Split("\r\n")[1..], line => Assert.Matches("^ [^ ]", line));
        Assert.Equal(bits / 8, Convert.FromBase64String(Tags(field)["b"]).Length);
    }

    [Fact]
    public void Each_active_key_of_the_domain_signs_and_no_other()
    {
        _keys.Add("example.com", "b");
        _keys.Add("example.com", "a");
        _keys.Add("example.com", "c", DkimKeyState.Standby);
        _keys.Add("example.com", "d", DkimKeyState.Retired);
        _keys.Add("example.org", "e");

        Assert.Equal(["a", "b"], Fields(Sign("<p>x</p>")).Select(field => Tags(field)["s"]));
    }

    [Theory]
    [InlineData("shop@mail.eu.example.com", "mail.eu.example.com")]
    [InlineData("shop@MAIL.eu.Example.COM", "mail.eu.example.com")]
    [InlineData("shop@eu.example.com", "example.com")]
    [InlineData("shop@a.b.c.example.com", "example.com")]
    [InlineData("shop@example.com", "example.com")]
    [InlineData("shop@otherexample.com", null)]
    [InlineData("shop@com", null)]
    [InlineData("shop@example.org", null)]
    public void The_senders_domain_signs_or_the_nearest_above_it(string from, string? domain)
    {
        _keys.Add("example.com", "a");
        _keys.Add("mail.eu.example.com", "a");

        Assert.Equal(domain is null ? [] : [domain], Fields(Sign("<p>x</p>", from)).Select(field => Tags(field)["d"]));
    }

    [Fact]
    public void What_goes_onto_no_wire_is_not_signed()
    {
        _keys.Add("example.com", "a");
        using var signer = new DkimSigner(_keys.Keys);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new MessageComposer(Tokens, signer).TryCompose(Compile(Content("x")), Input() with { Unsigned = true }, output, out _));

        Assert.Equal(0, _keys.Keys.Signatures);
        Assert.False(output.WrittenSpan.StartsWith("DKIM"u8));
    }

    private string Sign(string html, string from = "shop@example.com")
    {
        using var signer = new DkimSigner(_keys.Keys);
        var content = Content(html) with
        {
            From = new Mailbox(from, null),
            Headers = new Dictionary<string, string> { ["List-Id"] = "news.example.com", ["X-Other"] = "not signed", ["Feedback-ID"] = "a:b:c" },
        };
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new MessageComposer(Tokens, signer).TryCompose(Compile(content), Input(), output, out var failure), failure.ToString());
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    private static List<string> Fields(string message) => [.. Field().Matches(message.Split("\r\n\r\n")[0] + "\r\n").Select(match => match.Value)];

    private static Dictionary<string, string> Tags(string field) =>
        field["DKIM-Signature:".Length..].Split(';').Select(tag => Regex.Replace(tag, @"\s", "").Split('=', 2)).ToDictionary(tag => tag[0], tag => tag[1]);

    [GeneratedRegex("DKIM-Signature:.*\r\n( .*\r\n)*")]
    private static partial Regex Field();
}
