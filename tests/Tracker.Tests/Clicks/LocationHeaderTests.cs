using Delivery.Tracker.Clicks;

namespace Delivery.Tracker.Tests.Clicks;

public sealed class LocationHeaderTests
{
    [Theory]
    [InlineData("https://example.com/a%20b?c=%D7%90&d=[1]#e", "https://example.com/a%20b?c=%D7%90&d=[1]#e")]
    [InlineData("HTTPS://Example.COM:8443/X", "HTTPS://Example.COM:8443/X")]
    [InlineData("https://example.com/שלום?q=é", "https://example.com/%D7%A9%D7%9C%D7%95%D7%9D?q=%C3%A9")]
    [InlineData("https://bücher.example/x", "https://xn--bcher-kva.example/x")]
    [InlineData("https://bücher.example:81?q=ü", "https://xn--bcher-kva.example:81?q=%C3%BC")]
    [InlineData("http://user@bücher.example/", "http://user@xn--bcher-kva.example/")]
    [InlineData("http://[::1]:80/é", "http://[::1]:80/%C3%A9")]
    [InlineData("https://example.com/\"<>`", "https://example.com/%22%3C%3E%60")]
    [InlineData("https://example.com/😀", "https://example.com/%F0%9F%98%80")]
    [InlineData("https://example.com?é#é", "https://example.com?%C3%A9#%C3%A9")]
    public void A_destination_is_printable_ascii_and_stays_the_same_address(string url, string expected) =>
        Assert.Equal(expected, LocationHeader.Of(url));

    [Fact]
    public void A_clean_destination_is_not_copied()
    {
        var url = "https://example.com/offers?id=1";
        Assert.Same(url, LocationHeader.Of(url));
    }
}
