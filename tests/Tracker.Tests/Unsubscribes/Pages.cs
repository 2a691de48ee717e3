using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Delivery.Tracker.Tests.Unsubscribes;

/// <summary>Pages as a browser reads them, and their forms as it sends them.</summary>
internal static class Pages
{
    private static readonly HtmlParser Parser = new(new HtmlParserOptions { IsStrictMode = true });

    /// <summary>Fails on any error of the HTML standard's parser.</summary>
    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer) => Parser.ParseDocument(await answer.Content.ReadAsStringAsync());

    public static async Task<IHtmlDocument> GetAsync(this TrackerHost tracker, string path, HttpStatusCode expected, string language = "")
    {
        using var answer = await tracker.SendAsync(HttpMethod.Get, path, null, ("Accept-Language", language));
        Assert.Equal(expected, answer.StatusCode);
        return await ReadAsync(answer);
    }

    /// <summary>Sends a form of a page: its hidden fields, what is checked unless <paramref name="check"/> says what is, and its button.</summary>
    public static async Task<IHtmlDocument> SendAsync(
        this TrackerHost tracker, string path, IHtmlFormElement form, HttpStatusCode expected = HttpStatusCode.OK, params string[]? check)
    {
        Assert.Equal("post", form.GetAttribute("method"));
        Assert.Null(form.GetAttribute("action"));
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Type == "hidden" || (check is { Length: > 0 } ? check.Contains(input.Value) : input.IsChecked))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value));
        using var answer = await tracker.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields));
        Assert.Equal(expected, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        return await ReadAsync(answer);
    }

    public static IHtmlFormElement Form(this IHtmlDocument page, string button) =>
        Assert.Single(page.QuerySelectorAll<IHtmlFormElement>("form"), form => Words(form.QuerySelector("button")!) == button);

    public static string Words(INode element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static string Title(this IHtmlDocument page) => Words(Assert.Single(page.QuerySelectorAll("h1")));

    public static string? Status(this IHtmlDocument page) => page.QuerySelector("[role=status]") is { } status ? Words(status) : null;
}
