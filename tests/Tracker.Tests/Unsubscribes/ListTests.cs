using System.Net;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Contracts.Suppressions;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Unsubscribes;

public sealed class ListTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData("3", new uint[] { 3 })]
    [InlineData("3 9", new uint[] { 3, 9 })]
    [InlineData("0", new uint[] { 0 })]
    [InlineData("3 9 0", new uint[] { 0 })]
    public async Task What_is_chosen_on_the_page_is_suppressed_by_one_event(string chosen, uint[] lists)
    {
        using var accounts = new AccountsOnDisk(AccountsOnDisk.Shop);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        var path = "/u/" + tracker.Unsubscribe(list: 9);
        var ask = await tracker.GetAsync(path, HttpStatusCode.OK);
        var done = await tracker.SendAsync(path, ask.Form("Unsubscribe"), check: chosen.Split(' '));
        Assert.Equal("You are unsubscribed", done.Title());
        var e = Assert.Single(await tracker.EventsAsync());
        Assert.Equal(((byte)EventKind.Unsubscribed, "page"), (e.Row.Kind, e.Row.Reason));
        Assert.Equal(lists, await SuppressedAsync(tracker));
        var names = done.QuerySelectorAll("li").Select(Pages.Words);
        Assert.Equal(lists is [0] ? [] : lists.Select(list => list == 3 ? "Weekly <b>offers</b>" : "Recipes"), names);

        // The way back is from what was left, and from nothing else.
        await SuppressionScript.AddAsync(
            tracker.Database, new SuppressionKeys(tracker.Redis), TrackerHost.Subject.Account, TrackerHost.Person, SuppressionReason.Complaint, 0, 1, TimeSpan.FromSeconds(5));
        await SuppressionScript.AddAsync(
            tracker.Database, new SuppressionKeys(tracker.Redis), TrackerHost.Subject.Account, TrackerHost.Person, SuppressionReason.Unsubscribe, 44, 1, TimeSpan.FromSeconds(5));
        var back = await tracker.SendAsync(path, done.Form("Subscribe again"));
        Assert.Equal("You are subscribed again", back.Title());
        var events = await tracker.EventsAsync();
        Assert.Equal([(byte)EventKind.Unsubscribed, (byte)EventKind.Resubscribed], events.Select(one => one.Row.Kind));
        Assert.Equal([44], await SuppressedAsync(tracker));
        Assert.Contains(await AllAsync(tracker), one => one.Reason == SuppressionReason.Complaint);
        Assert.Equal(1, await tracker.CountAsync("resubscribed"));
    }

    [Fact]
    public async Task Nothing_chosen_asks_again_and_changes_nothing()
    {
        using var accounts = new AccountsOnDisk(AccountsOnDisk.Shop);
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis, accounts.Setting);
        var path = "/u/" + tracker.Unsubscribe();
        var ask = await tracker.GetAsync(path, HttpStatusCode.OK);
        var again = await tracker.SendAsync(path, ask.Form("Unsubscribe"), HttpStatusCode.UnprocessableEntity, "nothing");
        Assert.Equal("Please choose at least one.", Pages.Words(again.QuerySelector("[role=alert]")!));
        Assert.Empty(again.QuerySelectorAll("input[checked]"));
        // Lists that are not the account's are no choice either: nobody fills a person's record with numbers.
        using var strange = await tracker.SendAsync(HttpMethod.Post, path, Form("choice=yes&list=5&list=4294967295&list=x&list=-3&list="));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, strange.StatusCode);
        Assert.Empty(await tracker.EventsAsync());
        Assert.Empty(await SuppressedAsync(tracker));
    }

    [Theory]
    [InlineData("List-Unsubscribe=One-Click&action=resubscribe&choice=yes&list=3&reason=other", "one_click")]
    [InlineData("choice=yes&list=9&reason=too_many", "too_many")]
    [InlineData("choice=yes&list=9&reason=%3Cscript%3E", "page")]
    [InlineData("reason=never_signed_up", "never_signed_up")]
    public async Task Reasons_are_words_of_the_program_and_a_provider_s_button_always_means_leaving(string body, string reason)
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        using var answer = await tracker.SendAsync(HttpMethod.Post, "/u/" + tracker.Unsubscribe(list: 9), Form(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var e = Assert.Single(await tracker.EventsAsync());
        Assert.Equal(((byte)EventKind.Unsubscribed, reason), (e.Row.Kind, e.Row.Reason));
        Assert.Equal([9], await SuppressedAsync(tracker));
    }

    [Fact]
    public async Task A_way_back_without_redis_is_journaled_and_holds_after_a_restart()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var tracker = await TrackerHost.StartAsync(redis);
        var path = "/u/" + tracker.Unsubscribe(list: 9);
        (await tracker.SendAsync(HttpMethod.Post, path, Form("List-Unsubscribe=One-Click"))).Dispose();
        await tracker.SettledAsync();
        Assert.Equal([9], await SuppressedAsync(tracker));
        await redis.KillAsync();
        using (var answer = await tracker.SendAsync(HttpMethod.Post, path, Form("action=resubscribe")))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await tracker.StopAsync();
        await redis.LaunchAsync();
        await tracker.LaunchAsync();
        await Eventually.HoldsAsync(async () => (await tracker.EventsAsync()).Any(e => e.Row.Kind == (byte)EventKind.Resubscribed), "the way back is published");
        Assert.Empty(await SuppressedAsync(tracker));
    }

    [Fact]
    public async Task A_way_back_that_comes_late_does_not_undo_an_unsubscribe_after_it()
    {
        await using var tracker = await TrackerHost.StartAsync(fixture.Redis);
        var keys = new SuppressionKeys(tracker.Redis);
        var deadline = TimeSpan.FromSeconds(5);
        await SuppressionScript.AddAsync(tracker.Database, keys, TrackerHost.Subject.Account, TrackerHost.Person, SuppressionReason.Unsubscribe, 9, 2_000, deadline);
        var early = new Tracker.Journaling.Suppression(TrackerHost.Subject.Account, 9, 1_999, TrackerHost.Person, Lifted: true);
        await early.ApplyAsync(tracker.Database, keys, deadline);
        Assert.Equal([9], await SuppressedAsync(tracker));
        await (early with { TimeMs = 2_000 }).ApplyAsync(tracker.Database, keys, deadline);
        Assert.Empty(await SuppressedAsync(tracker));
    }

    [Fact]
    public async Task What_cannot_be_saved_is_a_page_that_asks_for_the_same_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        using var accounts = new AccountsOnDisk(AccountsOnDisk.Shop);
        await using var tracker = await TrackerHost.StartAsync(
            redis, accounts.Setting, "--Tracker:UnsubscribeDeadlineMs=200", "--Tracker:JournalMaxBytes=16384", "--Tracker:JournalSegmentBytes=4096");
        var path = "/u/" + tracker.Unsubscribe(list: 9);
        await redis.KillAsync();
        await Publishing.PublishingTests.ClickAllAsync(tracker, 0, 150, concurrency: 1);
        using (var answer = await tracker.SendAsync(HttpMethod.Post, path, Form("choice=yes&list=3&reason=other")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var page = await Pages.ReadAsync(answer);
            Assert.Equal("Not done yet", page.Title());
            var fields = page.Form("Try again").QuerySelectorAll("input").Select(input => $"{input.GetAttribute("name")}={input.GetAttribute("value")}");
            Assert.Equal(["choice=yes", "list=3", "reason=other"], fields);
        }

        using var way = await tracker.SendAsync(HttpMethod.Post, path, Form("action=resubscribe"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, way.StatusCode);
        Assert.Contains("name=\"action\" value=\"resubscribe\"", await way.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<List<SuppressedFor>> AllAsync(TrackerHost tracker) => await SuppressionScript.FindAsync(
        tracker.Database, new SuppressionKeys(tracker.Redis), TrackerHost.Subject.Account, TrackerHost.Person, TimeSpan.FromSeconds(5));

    private static async Task<uint[]> SuppressedAsync(TrackerHost tracker) =>
        [.. (await AllAsync(tracker)).Where(one => one.Reason == SuppressionReason.Unsubscribe).Select(one => one.List)];

    private static StringContent Form(string body) => new(body, Encoding.ASCII, "application/x-www-form-urlencoded");
}
