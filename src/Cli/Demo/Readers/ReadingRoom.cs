using System.Net;
using Delivery.Cli.Demo.Campaign;
using Delivery.Cli.Sink;

namespace Delivery.Cli.Demo.Readers;

/// <summary>All recipients at their mail, several at once: they open, click and unsubscribe over HTTP, as a client would.</summary>
internal sealed class ReadingRoom : IDisposable
{
    private const int Readers = 8;
    private readonly ExampleCampaign _campaign;
    private readonly IReadOnlyList<ShopCustomer> _customers;
    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<string, int> _positions;
    private readonly string _trackerUrl;

    /// <summary>Redirects lead out of this machine and are looked at, not followed.</summary>
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxConnectionsPerServer = Readers })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    public ReadingRoom(ExampleCampaign campaign, IReadOnlyList<ShopCustomer> customers, string trackerUrl)
    {
        _campaign = campaign;
        _customers = customers;
        _trackerUrl = trackerUrl;
        _numbers = customers.Select((customer, number) => (customer.Email, number)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        _positions = campaign.Links.Where(link => link.Tracked).ToDictionary(link => link.Name, link => link.Position);
        Tally = new ReadingTally(campaign);
    }

    public ReadingTally Tally { get; }

    /// <summary>Reads all messages; returns when everybody is done. Counts only what the tracker acknowledged.</summary>
    public Task ReadAsync(IReadOnlyList<CapturedMessage> messages, Action oneRead, CancellationToken cancellation) =>
        Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellation }, async (message, stop) =>
        {
            await ReadAsync(message, stop);
            oneRead();
        });

    public void Dispose() => _http.Dispose();

    private async Task ReadAsync(CapturedMessage message, CancellationToken stop)
    {
        if (!_numbers.TryGetValue(message.To, out var number))
        {
            Tally.Fault($"a message came for {message.To}, who is no recipient");
            return;
        }

        if (!Tally.Delivered(number))
        {
            Tally.Fault($"{message.To} had the message twice");
            return;
        }

        try
        {
            var mail = MailClient.Open(message.Raw, _trackerUrl);
            Check(mail, number);
            await ActAsync(mail, number, stop);
        }
        catch (Exception e) when (e is FormatException or HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            Tally.Fault($"the message to {message.To}: {e.Message}");
        }
    }

    /// <summary>What every message must have, read or not.</summary>
    private void Check(ReceivedMail mail, int number)
    {
        var customer = _customers[number];
        if (!mail.Subject.StartsWith(customer.FirstName + ",", StringComparison.Ordinal))
            Tally.Fault($"the subject for {customer.Email} is '{mail.Subject}'");
        if (mail.Pixel is null)
            Tally.Fault($"the message to {customer.Email} has no pixel");
        if (mail.OneClick is null)
            Tally.Fault($"the message to {customer.Email} offers no one-click unsubscribe");
        var wanted = Wanted(customer);
        var there = mail.Links.Select(link => link.Name).ToList();
        if (!there.SequenceEqual(wanted))
            Tally.Fault($"the message to {customer.Email} has the links {string.Join(' ', there)}, not {string.Join(' ', wanted)}");
    }

    private List<string> Wanted(ShopCustomer customer)
    {
        var names = new List<string>();
        foreach (var link in _campaign.Links)
        {
            if (link.Name == "product-picture")
            {
                foreach (var _ in customer.Products)
                    names.AddRange(["product-picture", "product-buy"]);
            }
            else if (link.Name != "product-buy" && !(link.Name == "vip-lounge" && !customer.Vip)
                     && !(link.Name == "birthday-gift" && customer.Birthday is null) && !(link.Name == "cart" && customer.Cart is null))
            {
                names.Add(link.Name);
            }
        }

        return names;
    }

    private async Task ActAsync(ReceivedMail mail, int number, CancellationToken stop)
    {
        var habit = new ReadingHabit(number, _customers.Count);
        for (var i = 0; i < habit.Opens && mail.Pixel is not null; i++)
        {
            using var response = await SendAsync(HttpMethod.Get, mail.Pixel, habit, stop);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == "image/gif")
                Tally.Opened(number);
            else
                Tally.Fault($"the pixel for {_customers[number].Email} answers {(int)response.StatusCode} {response.Content.Headers.ContentType}");
        }

        var links = mail.Links.Where(link => _positions.ContainsKey(link.Name)).ToList();
        for (var i = 0; i < habit.Clicks && links.Count > 0; i++)
            await ClickAsync(habit.Choose(links), number, habit, stop);
        if (!habit.Unsubscribes || mail.OneClick is null)
            return;
        using var left = await SendAsync(HttpMethod.Post, mail.OneClick, habit, stop, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        if (left.IsSuccessStatusCode)
            Tally.Unsubscribed(number);
        else
            Tally.Fault($"unsubscribing {_customers[number].Email} answers {(int)left.StatusCode}");
    }

    private async Task ClickAsync(ReceivedLink link, int number, ReadingHabit habit, CancellationToken stop)
    {
        var expected = CampaignDestinations.For(link.Name, _customers[number], link.Turn);
        if (!Uri.TryCreate(link.Href, UriKind.Absolute, out var url) || !link.Href.StartsWith(_trackerUrl + "/c/", StringComparison.Ordinal))
        {
            Tally.Fault($"the link {link.Name} for {_customers[number].Email} is not tracked: {link.Href}");
            return;
        }

        using var response = await SendAsync(HttpMethod.Get, url, habit, stop);
        var location = response.Headers.TryGetValues("Location", out var values) ? values.First() : "nowhere";
        if (response.StatusCode != HttpStatusCode.Found || location != expected)
            Tally.Fault($"the link {link.Name} for {_customers[number].Email} answers {(int)response.StatusCode} and leads to {location}, not to {expected}");
        if (response.StatusCode == HttpStatusCode.Found)
            Tally.Clicked(number, _positions[link.Name]);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, ReadingHabit habit, CancellationToken stop, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body };
        request.Headers.TryAddWithoutValidation("User-Agent", habit.UserAgent);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop);
    }
}
