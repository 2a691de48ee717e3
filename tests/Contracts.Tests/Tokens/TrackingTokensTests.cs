using System.Buffers.Text;
using System.Text;
using Delivery.Contracts.Tokens;

namespace Delivery.Contracts.Tests.Tokens;

public sealed class TrackingTokensTests
{
    private static readonly TrackingSubject Subject = new(7, 1_234_567_890_123_456_789, 41, 1_763_769_600);
    private readonly TrackingTokens _tokens = new(KeyRing.Create());

    [Fact]
    public void What_was_signed_is_read_back_for_any_content()
    {
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var subject = RandomSubject(random);
            Assert.True(_tokens.TryReadOpen(_tokens.Open(subject), out var opened));
            Assert.Equal(subject, opened);

            var place = new LinkPlace(Wide16(random), Wide16(random), Wide16(random));
            var url = RandomUrl(random);
            Assert.True(_tokens.TryReadClick(_tokens.Click(subject, place, url), out var click), url);
            Assert.Equal(new ClickToken(subject, place, url), click);

            var key = new RecipientKey((ulong)random.NextInt64(), (ulong)random.NextInt64());
            var list = (uint)random.NextInt64(uint.MaxValue + 1L);
            Assert.True(_tokens.TryReadUnsubscribe(_tokens.Unsubscribe(subject, key, list), out var unsubscribe));
            Assert.Equal(new UnsubscribeToken(subject, key, list), unsubscribe);
            var language = (MailLanguage)random.Next(1, 256);
            Assert.True(_tokens.TryReadUnsubscribe(_tokens.Unsubscribe(subject, key, list, language), out unsubscribe));
            Assert.Equal(new UnsubscribeToken(subject, key, list, language), unsubscribe);
        }
    }

    [Fact]
    public void The_longest_destination_with_the_largest_numbers_fits()
    {
        var subject = new TrackingSubject(uint.MaxValue, ulong.MaxValue, uint.MaxValue, uint.MaxValue);
        var place = new LinkPlace(ushort.MaxValue, ushort.MaxValue, ushort.MaxValue);
        var url = "https://example.com/" + new string('x', TrackingTokens.MaxUrlBytes - 20);
        var token = _tokens.Click(subject, place, url);
        Assert.InRange(token.Length, 1, 2_800);
        Assert.True(_tokens.TryReadClick(token, out var click));
        Assert.Equal(new ClickToken(subject, place, url), click);
        Assert.Throws<ArgumentException>(() => _tokens.Click(subject, place, url + "x"));
    }

    [Fact]
    public void Characters_are_url_safe()
    {
        var random = new Random(2);
        for (var i = 0; i < 500; i++)
            Assert.Matches("^[A-Za-z0-9_-]+$", _tokens.Click(RandomSubject(random), default, RandomUrl(random)));
    }

    [Fact]
    public void Any_flipped_bit_any_cut_and_any_addition_is_refused()
    {
        foreach (var token in OneOfEach())
        {
            var bytes = Base64Url.DecodeFromChars(token);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                AssertRefused(Base64Url.EncodeToString(bytes));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            for (var length = 0; length < bytes.Length; length++)
                AssertRefused(Base64Url.EncodeToString(bytes.AsSpan(0, length)));
            for (var length = 0; length < token.Length; length++)
                AssertRefused(token[..length]);
            for (var added = 0; added < 256; added++)
            {
                AssertRefused(Base64Url.EncodeToString([.. bytes, (byte)added]));
                AssertRefused(Base64Url.EncodeToString([(byte)added, .. bytes]));
            }
        }
    }

    [Fact]
    public void Only_the_canonical_spelling_is_taken()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var sawSpareBits = false;
        foreach (var token in OneOfEach())
        {
            var bytes = Base64Url.DecodeFromChars(token);
            foreach (var last in Alphabet.Where(c => c != token[^1]))
            {
                var other = token[..^1] + last;
                sawSpareBits |= token.Length % 4 != 0 && Decodes(other) is { } same && same.AsSpan().SequenceEqual(bytes);
                AssertRefused(other);
            }

            foreach (var other in (string[])[token + "=", token + "==", token + "===", token + " ", " " + token, token + "\n", token + "\r\n", "\t" + token, token + "\0",
                token[..5] + "\n" + token[5..], token[..5] + " " + token[5..], Convert.ToBase64String(bytes) + "=", token + "A", token + token])
                AssertRefused(other);
        }

        // Standard base64's alphabet instead of the URL-safe one.
        var random = new Random(3);
        var swapped = 0;
        while (swapped < 50)
        {
            var token = _tokens.Open(RandomSubject(random));
            if (!token.Contains('-') && !token.Contains('_'))
                continue;
            swapped++;
            AssertRefused(token.Replace('-', '+').Replace('_', '/'));
        }

        Assert.True(sawSpareBits, "No token tried had another spelling of the same bytes, so the test would prove nothing.");
    }

    [Fact]
    public void A_token_serves_no_other_purpose()
    {
        var (open, click, unsubscribe) = (_tokens.Open(Subject), _tokens.Click(Subject, new LinkPlace(1, 1, 0), "https://e.com/"), _tokens.Unsubscribe(Subject, default, 0));
        Assert.False(_tokens.TryReadOpen(click, out _));
        Assert.False(_tokens.TryReadOpen(unsubscribe, out _));
        Assert.False(_tokens.TryReadClick(open, out _));
        Assert.False(_tokens.TryReadClick(unsubscribe, out _));
        Assert.False(_tokens.TryReadUnsubscribe(open, out _));
        Assert.False(_tokens.TryReadUnsubscribe(click, out _));
    }

    [Fact]
    public void Hostile_text_never_throws()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(0, 200); length > 0; length--)
                text.Append((char)random.Next(random.Next(2) == 0 ? 128 : 65_536));
            AssertRefused(text.ToString());
        }

        AssertRefused(new string('A', 1_000_000));
    }

    [Fact]
    public void Rotation_signs_with_the_new_key_and_still_reads_the_old_ones()
    {
        var first = FixedKeys.Ring(1);
        var second = first.Rotate();
        var third = second.Rotate();
        Assert.Equal([1, 2, 3], new[] { first.Current, second.Current, third.Current });
        var old = new TrackingTokens(first).Open(Subject);
        Assert.True(new TrackingTokens(third).TryReadOpen(old, out var subject));
        Assert.Equal(Subject, subject);
        var fresh = new TrackingTokens(third).Open(Subject);
        Assert.NotEqual(old, fresh);
        Assert.Equal(3, Base64Url.DecodeFromChars(fresh)[0]);
        Assert.False(new TrackingTokens(first).TryReadOpen(fresh, out _));
        Assert.Equal(first.RecipientSecret.ToArray(), third.RecipientSecret.ToArray());
    }

    [Fact]
    public void An_unknown_key_id_is_refused_even_when_signed_with_an_all_zero_key()
    {
        var content = Base64Url.DecodeFromChars(new TrackingTokens(FixedKeys.Ring(1)).Open(Subject))[..^12];
        content[0] = 77;
        var mac = System.Security.Cryptography.HMACSHA256.HashData(new byte[32], content)[..12];
        Assert.False(new TrackingTokens(FixedKeys.Ring(1)).TryReadOpen(Base64Url.EncodeToString([.. content, .. mac]), out _));
    }

    [Theory]
    [InlineData("https://example.com", true)]
    [InlineData("HTTP://EXAMPLE.COM/?a=b", true)]
    [InlineData("https://שלום.example/דף", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("", false)]
    [InlineData("https://", false)]
    [InlineData("https:///path", false)]
    [InlineData("https://?x", false)]
    [InlineData("https://#x", false)]
    [InlineData("https://:80/", false)]
    [InlineData("https://@host/", false)]
    [InlineData("//example.com", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("javascript://example.com/%0aalert(1)", false)]
    [InlineData("https:/\\example.com", false)]
    [InlineData("https://exa\\mple.com", false)]
    [InlineData("https://example.com/a b", false)]
    [InlineData("https://example.com/\r\nX: y", false)]
    [InlineData("https://example.com/\u007f", false)]
    [InlineData(" https://example.com/", false)]
    public void Only_http_and_https_addresses_without_control_characters_are_trackable(string url, bool trackable) =>
        Assert.Equal(trackable, TrackingTokens.IsTrackable(Encoding.UTF8.GetBytes(url)));

    private string[] OneOfEach() =>
    [
        _tokens.Open(Subject), _tokens.Click(Subject, new LinkPlace(1, 2, 3), "https://example.com/"),
        _tokens.Click(Subject, new LinkPlace(1, 2, 3), "https://example.com/1"), _tokens.Click(Subject, new LinkPlace(1, 2, 3), "https://example.com/12"),
        _tokens.Unsubscribe(Subject, new RecipientKey(1, 2), 5),
    ];

    private void AssertRefused(string token)
    {
        Assert.False(_tokens.TryReadOpen(token, out _));
        Assert.False(_tokens.TryReadClick(token, out _));
        Assert.False(_tokens.TryReadUnsubscribe(token, out _));
    }

    private static byte[]? Decodes(string token)
    {
        try
        {
            return Convert.FromBase64String(token.Replace('-', '+').Replace('_', '/').PadRight((token.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ushort Wide16(Random random) => (ushort)(random.Next(65_536) >> random.Next(16));

    private static TrackingSubject RandomSubject(Random random) => new(
        (uint)(random.NextInt64(uint.MaxValue + 1L) >> random.Next(32)),
        (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        (uint)(random.NextInt64(uint.MaxValue + 1L) >> random.Next(32)),
        (uint)random.NextInt64(uint.MaxValue + 1L));

    private static string RandomUrl(Random random)
    {
        var url = new StringBuilder(random.Next(2) == 0 ? "https://example.com/" : "http://bücher.example?");
        for (var length = random.Next(0, 300); length > 0; length--)
        {
            var rune = random.Next(3) switch { 0 => random.Next(0x80, 0xD800), 1 => random.Next(0x10000, 0x110000), _ => random.Next(0x21, 0x7F) };
            if (rune != '\\')
                url.Append(char.ConvertFromUtf32(rune));
        }

        return url.ToString();
    }

    [Fact]
    public void A_signer_signs_the_same_message_after_message()
    {
        var tokens = new TrackingTokens(KeyRing.Create());
        using var signer = tokens.CreateSigner();
        Span<byte> one = stackalloc byte[TrackingTokens.MaxLength];
        Span<byte> other = stackalloc byte[TrackingTokens.MaxLength];
        for (uint i = 0; i < 100; i++)
        {
            var subject = new TrackingSubject(1, i, i, i);
            var length = tokens.WriteOpen(subject, one);
            Assert.Equal(one[..length].ToArray(), other[..tokens.WriteOpen(subject, other, signer)].ToArray());
            length = tokens.WriteClick(subject, new LinkPlace(1, 2, 3), "https://x.example/"u8, one);
            Assert.Equal(one[..length].ToArray(), other[..tokens.WriteClick(subject, new LinkPlace(1, 2, 3), "https://x.example/"u8, other, signer)].ToArray());
            length = tokens.WriteUnsubscribe(subject, new RecipientKey(i, 1), i, one);
            Assert.Equal(one[..length].ToArray(), other[..tokens.WriteUnsubscribe(subject, new RecipientKey(i, 1), i, other, signer)].ToArray());
        }
    }
}
