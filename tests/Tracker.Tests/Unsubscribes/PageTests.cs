using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Delivery.Contracts.Tokens;
using Delivery.Tracker.Unsubscribes;

namespace Delivery.Tracker.Tests.Unsubscribes;

public sealed partial class PageTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData(MailLanguage.Hebrew, "en-US,en", "he", "rtl")]
    [InlineData(MailLanguage.English, "he-IL", "en", "ltr")]
    [InlineData(MailLanguage.Unknown, "he-IL", "he", "rtl")]
    [InlineData(MailLanguage.Unknown, "fr", "en", "ltr")]
    [InlineData((MailLanguage)77, "he", "he", "rtl")]
    public async Task The_mail_s_language_goes_before_the_browser_s(MailLanguage mail, string browser, string language, string direction)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var path = "/u/" + tracker.Unsubscribe(language: mail);
        var page = await tracker.GetAsync(path, HttpStatusCode.OK, browser);
        Assert.Equal((language, direction), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("dir")));
        using var answer = await tracker.SendAsync(HttpMethod.Get, path, null, ("Accept-Language", browser));
        Assert.Equal(language, Assert.Single(answer.Content.Headers.ContentLanguage));
    }

    [Fact]
    public async Task Lists_have_names_in_the_page_s_language_and_the_mail_s_own_is_chosen()
    {
        using var accounts = new AccountsOnDisk(AccountsOnDisk.Shop);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);

        var english = await tracker.GetAsync("/u/" + tracker.Unsubscribe(list: 9, language: MailLanguage.English), HttpStatusCode.OK);
        Assert.Equal([("3", "Weekly <b>offers</b>", false), ("9", "Recipes", true), ("0", "All e-mails of this sender", false)], Boxes(english));
        Assert.Equal("You get this mail from Anna's <Shop> & Sons.", Pages.Words(english.QuerySelector("p")!));
        Assert.Empty(english.QuerySelectorAll("b, script, img"));

        var hebrew = await tracker.GetAsync("/u/" + tracker.Unsubscribe(language: MailLanguage.Hebrew), HttpStatusCode.OK);
        Assert.Equal([("3", "מבצעי השבוע", false), ("9", "Recipes", false), ("0", "כל ההודעות של שולח זה", true)], Boxes(hebrew));
        Assert.Contains("החנות של \"חנה\"", Pages.Words(hebrew.QuerySelector("p")!), StringComparison.Ordinal);

        var nameless = await tracker.GetAsync("/u/" + tracker.Unsubscribe(list: 77), HttpStatusCode.OK);
        Assert.Equal(("77", "The mailing list of this e-mail", true), Boxes(nameless)[2]);
    }

    [Fact]
    public async Task Names_follow_the_accounts_file_and_a_broken_one_changes_nothing()
    {
        using var accounts = new AccountsOnDisk();
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        var path = "/u/" + tracker.Unsubscribe();
        Assert.Empty(Boxes(await tracker.GetAsync(path, HttpStatusCode.OK)));
        accounts.Write(AccountsOnDisk.Shop);
        await Testing.Eventually.HoldsAsync(async () => Boxes(await tracker.GetAsync(path, HttpStatusCode.OK)).Count == 3, "the names are there");
        await File.WriteAllTextAsync(accounts.Path, "{ broken");
        Assert.Throws<InvalidDataException>(() => tracker.RefreshAccounts());
        Assert.Equal(3, Boxes(await tracker.GetAsync(path, HttpStatusCode.OK)).Count);
    }

    /// <summary>Every state, in both languages, with and without lists.</summary>
    [Theory]
    [InlineData(MailLanguage.English, true)]
    [InlineData(MailLanguage.Hebrew, true)]
    [InlineData(MailLanguage.Hebrew, false)]
    public async Task Every_page_can_be_used_by_keyboard_and_screen_reader(MailLanguage language, bool lists)
    {
        using var accounts = new AccountsOnDisk(lists ? [AccountsOnDisk.Shop] : []);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        var path = "/u/" + tracker.Unsubscribe(list: 3, language: language);
        var text = PageText.Of(language);
        var ask = await tracker.GetAsync(path, HttpStatusCode.OK);
        var done = await tracker.SendAsync(path, ask.Form(text.Unsubscribe));
        var thanks = await tracker.SendAsync(path, done.Form(text.Send), check: "other");
        var back = await tracker.SendAsync(path, thanks.Form(text.WayBack));
        var unknown = await tracker.GetAsync("/u/forged", HttpStatusCode.NotFound, "he");
        Assert.Equal([text.AskTitle, text.DoneTitle, text.DoneTitle, text.BackTitle], new[] { ask, done, thanks, back }.Select(Pages.Title));
        Assert.NotNull(done.Status());
        Assert.Equal(text.Thanks, thanks.Status());
        Assert.Equal(text.BackText, back.Status());
        foreach (var page in new[] { ask, done, thanks, back, unknown })
            Accessible(page);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colours_stand_out_from_one_another(bool dark)
    {
        var css = PageStyle.Css[(dark ? PageStyle.Css.IndexOf("@media", StringComparison.Ordinal) : 0)..];
        var colours = Colour().Matches(css).GroupBy(match => match.Groups[1].Value).ToDictionary(group => group.Key, group => Luminance(group.First().Groups[2].Value));
        foreach (var ink in (string[])["ink", "soft", "bad", "main"])
            Assert.True(Contrast(colours[ink], colours["paper"]) >= 4.5, $"{ink}: {Contrast(colours[ink], colours["paper"])}");
        Assert.True(Contrast(colours["on"], colours["main"]) >= 4.5);
        Assert.True(Contrast(colours["ring"], colours["paper"]) >= 3);
    }

    private static void Accessible(IHtmlDocument page)
    {
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Single(page.QuerySelectorAll("main"));
        Assert.Equal(Pages.Words(page.QuerySelector("h1")!), page.Title);
        Assert.NotEmpty(page.DocumentElement.GetAttribute("lang")!);
        Assert.Contains("width=device-width", page.QuerySelector("meta[name=viewport]")!.GetAttribute("content"), StringComparison.Ordinal);
        Assert.DoesNotContain("user-scalable", page.QuerySelector("meta[name=viewport]")!.GetAttribute("content"), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("script, img, link, iframe, [style], [onclick], [tabindex], [accesskey], [autofocus]"));
        foreach (var input in page.QuerySelectorAll<IHtmlInputElement>("input").Where(input => input.Type != "hidden"))
        {
            Assert.NotEmpty(Pages.Words(input.Closest("label")!));
            Assert.NotEmpty(Pages.Words(input.Closest("fieldset")!.QuerySelector("legend")!));
        }

        Assert.All(page.QuerySelectorAll("button"), button => Assert.NotEmpty(Pages.Words(button)));
        Assert.All(page.QuerySelectorAll("form"), form => Assert.Single(form.QuerySelectorAll("button[type=submit]")));
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    private static List<(string Value, string Name, bool Checked)> Boxes(IHtmlDocument page) =>
        [.. page.QuerySelectorAll<IHtmlInputElement>("input[type=checkbox]").Select(box => (box.Value, Pages.Words(box.Closest("label")!), box.IsChecked))];

    /// <summary>WCAG 2.2: relative luminance.</summary>
    private static double Luminance(string hex)
    {
        if (hex.Length == 3)
            hex = string.Concat(hex.Select(digit => new string(digit, 2)));
        double Channel(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(0)) + (0.7152 * Channel(2)) + (0.0722 * Channel(4));
    }

    private static double Contrast(double one, double other) => (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);

    [GeneratedRegex("--([a-z]+):#([0-9a-f]{3,6})[;}]")]
    private static partial Regex Colour();
}
