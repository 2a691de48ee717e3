using Delivery.Contracts.Tokens;

namespace Delivery.Contracts.Tests.Tokens;

/// <summary>
/// Links live for years in people's mailboxes: whatever changes these texts kills them. A change of the format needs a new purpose byte
/// or key id beside the old one, never another text here.
/// </summary>
public sealed class TokenGoldenTests
{
    private static readonly TrackingSubject Subject = new(300, 0x0102_0304_0506_0708, 70_000, 1_763_769_600);
    private readonly TrackingTokens _tokens = new(FixedKeys.Ring(1));

    private const string Open =
        "AQGsAggHBgUEAwIB8KIEAP0gaeaqll3d4KZ4vM7wlQ";
    private const string Click =
        "AQKsAggHBgUEAwIB8KIEAP0gaQKsAgFodHRwczovL2V4YW1wbGUuY29tL9eT16M_YT1idSuxz_Fu91Wgmhz8";
    private const string Unsubscribe =
        "AQOsAggHBgUEAwIB8KIEAP0gaQARIjNEVWZ3iJmqu8zd7v_IAYAYDyagLr1T6WJodg";

    [Fact]
    public void The_tokens_are_written_as_they_always_were()
    {
        Assert.Equal(Open, _tokens.Open(Subject));
        Assert.Equal(Click, _tokens.Click(Subject, new LinkPlace(2, 300, 1), "https://example.com/דף?a=b"));
        Assert.Equal(Unsubscribe, _tokens.Unsubscribe(Subject, new RecipientKey(0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff), 200));
    }

    [Fact]
    public void The_tokens_are_read_as_they_always_were()
    {
        Assert.True(_tokens.TryReadOpen(Open, out var subject));
        Assert.Equal(Subject, subject);
        Assert.True(_tokens.TryReadClick(Click, out var click));
        Assert.Equal(new ClickToken(Subject, new LinkPlace(2, 300, 1), "https://example.com/דף?a=b"), click);
        Assert.True(_tokens.TryReadUnsubscribe(Unsubscribe, out var unsubscribe));
        Assert.Equal(new UnsubscribeToken(Subject, new RecipientKey(0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff), 200), unsubscribe);
    }

    /// <summary>The language is a field behind those there always were: a token without it is what it was.</summary>
    [Fact]
    public void A_language_stands_behind_all_else()
    {
        var named = _tokens.Unsubscribe(Subject, new RecipientKey(0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff), 200, MailLanguage.Hebrew);
        Assert.StartsWith(Unsubscribe[..48], named, StringComparison.Ordinal);
        Assert.True(_tokens.TryReadUnsubscribe(named, out var token));
        Assert.Equal(MailLanguage.Hebrew, token.Language);
    }

    [Fact]
    public void The_recipient_key_is_what_it_always_was() =>
        Assert.Equal("cea2c2127846deab21aa92ba15c38096", RecipientKey.Of(FixedKeys.Secret(200), 7, " Jane.Doe@Bücher.Example ").ToString());
}
