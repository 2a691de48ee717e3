using Delivery.Cli.Demo.Campaign;

namespace Delivery.Cli.Demo.Readers;

/// <summary>What one recipient does with the mail: the same at every run. Not thread-safe: one object per recipient.</summary>
internal sealed class ReadingHabit
{
    private const int Seed = 404;
    private readonly Random _random;

    /// <param name="number">The recipient's place in the campaign, from 0.</param>
    /// <param name="of">How many recipients there are; one of them always unsubscribes.</param>
    public ReadingHabit(int number, int of)
    {
        _random = new Random(unchecked(Seed + number * 7919));
        Opens = _random.Next(100) < 58 ? 1 + Again(30) : 0;
        Clicks = Opens > 0 && _random.Next(100) < 45 ? 1 + Again(40) : 0;
        Unsubscribes = number == of / 2 || (Opens > 0 && _random.Next(1000) < 15);
        UserAgent = UserAgents[_random.Next(UserAgents.Length)];
    }

    /// <summary>How many times the mail is opened.</summary>
    public int Opens { get; }

    /// <summary>How many times a link is followed.</summary>
    public int Clicks { get; }

    public bool Unsubscribes { get; }

    public string UserAgent { get; }

    private static readonly string[] UserAgents =
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Thunderbird/128.5.0",
    ];

    /// <summary>The link that catches the eye next: what is personal draws more than what everybody gets.</summary>
    public ReceivedLink Choose(IReadOnlyList<ReceivedLink> links)
    {
        var all = 0;
        foreach (var link in links)
            all += Interest(link.Name);
        var left = _random.Next(all);
        foreach (var link in links)
        {
            left -= Interest(link.Name);
            if (left < 0)
                return link;
        }

        return links[^1];
    }

    private static int Interest(string link) => link switch
    {
        "hero-button" => 30,
        "cart" => 36,
        "birthday-gift" => 40,
        "vip-lounge" => 18,
        "product-picture" => 9,
        "product-buy" => 12,
        "menu-sale" => 6,
        "store" => 4,
        "terms" => 1,
        _ => 2,
    };

    private int Again(int percent)
    {
        var times = 0;
        while (times < 6 && _random.Next(100) < percent)
            times++;
        return times;
    }
}
