using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Delivery.Cli.Demo.Campaign;
using Delivery.Cli.Demo.Readers;
using Delivery.Cli.Sink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Delivery.Cli.Tests.Demo;

/// <summary>The readers against a tracker of the test's own, which counts what it is asked.</summary>
public sealed class ReadingRoomTests : IAsyncLifetime
{
    private const int Recipients = 120;
    private readonly ExampleCampaign _campaign = ExampleCampaign.Load();
    private readonly IReadOnlyList<ShopCustomer> _customers = CustomerBook.Take(Recipients);
    private readonly ConcurrentBag<int> _opens = [];
    private readonly ConcurrentBag<(int Recipient, string Link)> _clicks = [];
    private readonly ConcurrentBag<int> _left = [];
    private readonly WebApplication _tracker = WebApplication.CreateSlimBuilder().Build();
    private Func<string, string> _redirect = url => url;

    private string TrackerUrl => _tracker.Urls.Single();

    public async Task InitializeAsync()
    {
        _tracker.Urls.Add("http://127.0.0.1:0");
        _tracker.MapGet("/o/{recipient:int}", (int recipient) =>
        {
            _opens.Add(recipient);
            return Results.Bytes("GIF89a"u8.ToArray(), "image/gif");
        });
        _tracker.MapGet("/c/{recipient:int}/{link}/{turn:int}", (HttpContext context, int recipient, string link, int turn) =>
        {
            _clicks.Add((recipient, link));
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = _redirect(CampaignDestinations.For(link, _customers[recipient], turn));
        });
        _tracker.MapPost("/u/{recipient:int}", async (HttpRequest request, int recipient) =>
        {
            if ((await request.ReadFormAsync())["List-Unsubscribe"] != "One-Click")
                return Results.BadRequest();
            _left.Add(recipient);
            return Results.Ok();
        });
        await _tracker.StartAsync();
    }

    public async Task DisposeAsync() => await _tracker.DisposeAsync();

    [Fact]
    public async Task What_the_readers_count_is_what_the_tracker_was_asked()
    {
        using var room = new ReadingRoom(_campaign, _customers, TrackerUrl);
        var read = 0;
        await room.ReadAsync([.. Enumerable.Range(0, Recipients).Select(Message)], () => Interlocked.Increment(ref read), CancellationToken.None);
        Assert.Empty(room.Tally.Faults);
        Assert.Equal(Recipients, read);
        var figures = room.Tally.Figures();
        Assert.Equal(Recipients, figures.Delivered);
        Assert.Equal(_opens.Count, figures.Opens.Total);
        Assert.Equal(_opens.Distinct().Count(), figures.Opens.Unique);
        Assert.Equal(_clicks.Count, figures.Clicks.Total);
        Assert.Equal(_clicks.Select(click => click.Recipient).Distinct().Count(), figures.Clicks.Unique);
        Assert.Equal(_left.Count, figures.Unsubscribes);
        foreach (var link in _campaign.Links.Where(link => link.Tracked))
        {
            var counted = figures.Links.Single(figure => figure.Position == link.Position);
            Assert.Equal(_clicks.Count(click => click.Link == link.Name), counted.Clicks);
            Assert.Equal(_clicks.Where(click => click.Link == link.Name).Select(click => click.Recipient).Distinct().Count(), counted.UniqueClicks);
        }

        Assert.True(figures.Opens.Total > figures.Opens.Unique && figures.Clicks.Total > figures.Clicks.Unique && figures.Unsubscribes > 0, "the readers did too little to tell");
    }

    [Fact]
    public async Task A_redirect_to_another_place_is_a_fault()
    {
        _redirect = url => url + "&evil";
        using var room = new ReadingRoom(_campaign, _customers, TrackerUrl);
        await room.ReadAsync([.. Enumerable.Range(0, Recipients).Select(Message)], () => { }, CancellationToken.None);
        Assert.Equal(_clicks.Count, room.Tally.FaultCount);
        Assert.Contains("leads to", room.Tally.Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_copy_and_a_stranger_are_faults_and_are_not_read()
    {
        using var room = new ReadingRoom(_campaign, _customers, TrackerUrl);
        await room.ReadAsync([Message(0), Message(0), Message(1) with { To = "nobody@elsewhere.example" }], () => { }, CancellationToken.None);
        Assert.Equal(1, room.Tally.Figures().Delivered);
        Assert.Equal(2, room.Tally.FaultCount);
    }

    [Fact]
    public async Task A_block_that_is_not_for_this_person_is_a_fault()
    {
        using var room = new ReadingRoom(_campaign, _customers, TrackerUrl);
        var plain = Enumerable.Range(0, Recipients).First(number => !_customers[number].Vip);
        await room.ReadAsync([Message(plain, [.. _campaign.Links])], () => { }, CancellationToken.None);
        Assert.Contains("has the links", Assert.Single(room.Tally.Faults), StringComparison.Ordinal);
    }

    private CapturedMessage Message(int number)
    {
        var customer = _customers[number];
        return Message(number, [.. _campaign.Links.Where(link => (link.Name != "vip-lounge" || customer.Vip)
            && (link.Name != "birthday-gift" || customer.Birthday is not null) && (link.Name != "cart" || customer.Cart is not null))]);
    }

    private CapturedMessage Message(int number, IReadOnlyList<CampaignLink> links)
    {
        var customer = _customers[number];
        var html = new StringBuilder("<html><body>");
        foreach (var link in links.Where(link => link.Name != "product-buy"))
        {
            if (link.Name == "product-picture")
            {
                for (var turn = 0; turn < customer.Products.Count; turn++)
                    html.Append(Anchor("product-picture", turn)).Append(Anchor("product-buy", turn));
            }
            else
            {
                html.Append(link.Tracked ? Anchor(link.Name, 0) : $"<a data-link=\"{link.Name}\" href=\"mailto:x@y.example\">x</a>");
            }
        }

        html.Append(CultureInfo.InvariantCulture, $"<img src=\"{TrackerUrl}/o/{number}\"></body></html>");
        var raw = $"""
            Subject: =?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(customer.FirstName + ","))}?= sale
            List-Unsubscribe: <{TrackerUrl}/u/{number}>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain

            sale
            --b
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: base64

            {Convert.ToBase64String(Encoding.UTF8.GetBytes(html.ToString()), Base64FormattingOptions.InsertLineBreaks)}
            --b--

            """;
        return new CapturedMessage(number + 1, "bounce@shop.example", customer.Email, Encoding.UTF8.GetBytes(raw.ReplaceLineEndings("\r\n")), TimeProvider.System.GetUtcNow(), null);

        string Anchor(string name, int turn) => $"<a data-link=\"{name}\" href=\"{TrackerUrl}/c/{number}/{name}/{turn}\">x</a>";
    }
}
