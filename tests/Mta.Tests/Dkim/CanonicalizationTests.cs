using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Delivery.Mta.Dkim;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>The relaxed forms of RFC 6376 sections 3.4.2 and 3.4.4.</summary>
public sealed class CanonicalizationTests
{
    private static readonly string[] Pieces =
    [
        "a", "word", " ", "  ", "\t", " \t ", "\r\n", "\r\n\r\n", "\r\n \r\n", "\r", "\n", ".", "é", "\0", "    <td>", "=", " \r", "\t\r\n", new string('x', 15), new string('y', 40),
        new string('z', 1_200), "the quick brown fox jumps over the lazy dog ",
    ];

    [Fact]
    public void The_examples_of_the_standard()
    {
        var canonical = new ByteBuffer();
        SignedFields.Relax("A: X\r\n"u8, canonical);
        canonical.Write("\r\n"u8);
        SignedFields.Relax("B : Y\t\r\n\tZ  \r\n"u8, canonical);

        Assert.Equal("a:X\r\nb:Y Z", Encoding.ASCII.GetString(canonical.Written));
        Assert.Equal(SHA256.HashData(" C\r\nD E\r\n"u8), Hash(" C \r\nD \t E\r\n\r\n\r\n"u8));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\n", "")]
    [InlineData(" \t\r\n\r\n \r\n", "")]
    [InlineData("a", "a\r\n")]
    [InlineData("a \t", "a\r\n")]
    [InlineData("\r\n\r\na\r\n", "\r\n\r\na\r\n")]
    [InlineData("a\r\n \t\r\nb\r\n", "a\r\n\r\nb\r\n")]
    [InlineData("a\r\n \t b\r\n", "a\r\n b\r\n")]
    [InlineData("a \r\n \r\n\r\n", "a\r\n")]
    public void A_bodys_relaxed_form(string body, string relaxed) =>
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(relaxed)), Hash(Encoding.ASCII.GetBytes(body)));

    [Theory]
    [InlineData("Subject:a", "subject:a")]
    [InlineData("SUBJECT:  a  b\t\r\n\tc \r\n", "subject:a b c")]
    [InlineData("X-Empty:\r\n", "x-empty:")]
    [InlineData("X-Empty: \r\n \r\n", "x-empty:")]
    [InlineData("X-Folded:\r\n value\r\n", "x-folded:value")]
    [InlineData("X-Colon: a:b : c\r\n", "x-colon:a:b : c")]
    public void A_fields_relaxed_form(string field, string relaxed)
    {
        var canonical = new ByteBuffer();
        SignedFields.Relax(Encoding.ASCII.GetBytes(field), canonical);
        Assert.Equal(relaxed, Encoding.ASCII.GetString(canonical.Written));
    }

    [Fact]
    public void However_a_body_is_cut_its_hash_is_that_of_the_plain_rules()
    {
        var random = new Random(6376);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hash = new BodyHash(sha);
        Span<byte> digest = stackalloc byte[32];
        for (var round = 0; round < 4_000; round++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)])) + "\r\n";
            var bytes = Encoding.Latin1.GetBytes(body);
            var expected = SHA256.HashData(Encoding.Latin1.GetBytes(Relaxed(body)));
            Assert.True(expected.AsSpan().SequenceEqual(Hash(bytes)), Regex.Escape(body));
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - at, random.Next(3) == 0 ? random.Next(3) : random.Next(200));
                hash.Append(bytes.AsSpan(at, length));
                at += length;
            }

            hash.Finish(digest);
            Assert.True(digest.SequenceEqual(expected), Regex.Escape(body));
        }
    }

    [Fact]
    public void An_irregular_place_is_found_wherever_it_lies()
    {
        for (var length = 0; length < 70; length++)
        {
            var bytes = new byte[length];
            bytes.AsSpan().Fill((byte)'a');
            for (var at = 0; at < length; at++)
            {
                bytes[at] = (byte)'\t';
                Assert.Equal(at, RelaxedScan.Regular(bytes));
                bytes[at] = (byte)' ';
                foreach (var next in " \t\r"u8)
                {
                    if (at + 1 < length)
                        bytes[at + 1] = next;
                    Assert.Equal(at + 1 < length ? at : length, RelaxedScan.Regular(bytes));
                }

                if (at + 1 < length)
                    bytes[at + 1] = (byte)'a';
                Assert.Equal(length, RelaxedScan.Regular(bytes));
                bytes[at] = (byte)'a';
            }
        }
    }

    /// <summary>As the standard says it, one rule after the other; for a body that ends with CRLF.</summary>
    private static string Relaxed(string body)
    {
        var relaxed = Regex.Replace(Regex.Replace(body, "[\t ]+\r\n", "\r\n"), "[\t ]+", " ");
        while (relaxed.EndsWith("\r\n", StringComparison.Ordinal))
            relaxed = relaxed[..^2];
        return relaxed.Length == 0 ? "" : relaxed + "\r\n";
    }

    private static byte[] Hash(ReadOnlySpan<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hash = new BodyHash(sha);
        hash.Append(body);
        var digest = new byte[32];
        hash.Finish(digest);
        return digest;
    }
}
