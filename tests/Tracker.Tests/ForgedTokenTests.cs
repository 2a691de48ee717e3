using System.Net;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Tests.Opens;

namespace Delivery.Tracker.Tests;

public sealed class ForgedTokenTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task A_token_with_any_bit_flipped_or_any_length_but_its_own_is_refused_and_records_nothing()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        foreach (var (prefix, token) in Genuine(tracker))
        {
            var forged = Variants(token).Distinct().Where(v => v != token).ToList();
            Assert.True(forged.Count > 300);
            foreach (var variant in forged)
                await AssertRefusedAsync(tracker, prefix, variant);
        }

        Assert.Empty(await tracker.EventsAsync());
        Assert.Equal(0, await tracker.Database.HashLengthAsync(new Contracts.Suppressions.SuppressionKeys(tracker.Redis).Of(TrackerHost.Subject.Account)));
    }

    [Fact]
    public async Task A_token_serves_its_own_purpose_only()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        foreach (var (purpose, token) in Genuine(tracker))
        {
            foreach (var prefix in new[] { "/o/", "/c/", "/u/" })
            {
                if (prefix != purpose)
                    await AssertRefusedAsync(tracker, prefix, token);
            }
        }

        Assert.Empty(await tracker.EventsAsync());
    }

    [Fact]
    public async Task A_token_of_another_installation_is_refused()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var buffer = new byte[TrackingTokens.MaxLength];
        var length = new TrackingTokens(KeyRing.Create()).WriteClick(TrackerHost.Subject, new LinkPlace(1, 1, 0), "https://evil.example/"u8, buffer);
        await AssertRefusedAsync(tracker, "/c/", Encoding.ASCII.GetString(buffer, 0, length));
        Assert.Empty(await tracker.EventsAsync());
    }

    private static (string Prefix, string Token)[] Genuine(TrackerHost tracker) =>
        [("/o/", tracker.Open()), ("/c/", tracker.Click("https://example.com/")), ("/u/", tracker.Unsubscribe())];

    private static IEnumerable<string> Variants(string token)
    {
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return System.Buffers.Text.Base64Url.EncodeToString(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 1; length < token.Length; length++)
            yield return token[..length];
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (var last in Alphabet)
        {
            yield return token[..^1] + last;
            yield return token + last;
        }

        yield return token + "=";
        yield return token + "==";
        yield return token + "%3D";
        yield return token + "%20";
        yield return "%20" + token;
        yield return token + "%0A";
        yield return token.Replace('-', '+').Replace("_", "%2F", StringComparison.Ordinal) + "+";
        yield return token.ToUpperInvariant();
        yield return token.ToLowerInvariant();
        yield return token + token;
    }

    private static async Task AssertRefusedAsync(TrackerHost tracker, string prefix, string token)
    {
        using var answer = await tracker.GetAsync(prefix + token);
        if (prefix == "/o/")
        {
            await OpenTests.AssertPixelAsync(answer);
            return;
        }

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        if (prefix == "/u/")
        {
            using var post = await tracker.SendAsync(HttpMethod.Post, prefix + token);
            Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        }
    }
}
