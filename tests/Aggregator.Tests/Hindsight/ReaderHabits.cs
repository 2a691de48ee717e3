namespace Delivery.Aggregator.Tests.Hindsight;

/// <summary>
/// Ways in which people and scanners go about a mail, each with its chances. Times of scanners are as senders publish them: most open
/// within ten seconds of the delivery and follow all links in one sweep half a minute later.
/// </summary>
internal static class ReaderHabits
{
    private const int Hour = 3_600_000;

    public static IReadOnlyList<(string Name, bool Machine, Func<Random, Reading> Make)> All { get; } =
    [
        ("person: one click", false, random => Person(random, 1, 4_000)),
        ("person: two quick clicks", false, random => Person(random, 2, 700)),
        ("person: three links in new tabs within 4 s", false, random => Tabs(random, 3, 3)),
        ("person: all four links in new tabs within 6 s", false, random => Tabs(random, 4, 4, 1_500)),
        ("person: five of twelve links, a second apart", false, random => Tabs(random, 12, 5, 1_000)),
        ("person: the same link again and again", false, Impatient),
        ("person: behind an office's one address, after its gateway", false, Office),
        ("person: at once after the delivery, one click", false, random => At(random, 3_000 + random.Next(5_000), 1)),
        ("scanner: all links in one sweep", true, random => Sweep(random, 8, 80, 1, 1)),
        ("scanner: many links, addresses change", true, random => Sweep(random, 10, 150, 8, 1)),
        ("scanner: many links, names change", true, random => Sweep(random, 10, 150, 1, 8)),
        ("scanner: all links, one in two seconds", true, random => Sweep(random, 10, 2_000, 1, 1)),
        ("scanner: two links as the mail arrives", true, random => Arriving(random)),
        ("scanner: one link while the mail arrives", true, random => new Reading().Click(random.Next(-2_000, 1_500), random.Next(1, 9), machine: true)),
        ("scanner: some links and the hidden one", true, Hidden),
        ("scanner: one link, half a minute later, as a browser", true, random => new Reading().Click(30_000 + random.Next(30_000), random.Next(1, 9), machine: true)),
        ("scanner: three of eight links, seconds apart", true, random => Slow(random)),
    ];

    private static Reading Person(Random random, int clicks, int apart) => At(random, random.Next(30_000, 48 * Hour), clicks, apart);

    private static Reading At(Random random, long ms, int clicks, int apart = 1_000)
    {
        var reading = new Reading().Open(ms, random.Next(1, 4));
        for (var i = 0; i < clicks; i++)
            reading.Click(ms + 2_000 + (i * (apart + random.Next(apart))), random.Next(1, 9));
        return reading;
    }

    private static Reading Tabs(Random random, int links, int clicked, int apart = 1_300)
    {
        var reading = new Reading { Links = links };
        var ms = (long)random.Next(30_000, 48 * Hour);
        reading.Open(ms);
        for (var link = 1; link <= clicked; link++)
            reading.Click(ms += apart - 100 + random.Next(400), link);
        return reading;
    }

    private static Reading Impatient(Random random)
    {
        var (reading, ms, link) = (new Reading(), (long)random.Next(30_000, Hour), random.Next(1, 9));
        for (var i = 0; i < 6; i++)
            reading.Click(ms += 150 + random.Next(200), link);
        return reading;
    }

    private static Reading Office(Random random)
    {
        var reading = Sweep(random, 8, 100, 1, 1);
        var ms = random.Next(2 * 60_000, 8 * Hour);
        return reading.Open(ms, address: 100, agent: 50).Click(ms + 5_000, random.Next(1, 9), address: 100, agent: 50);
    }

    private static Reading Sweep(Random random, int links, int apart, int addresses, int agents)
    {
        var reading = new Reading { Links = links };
        var ms = 5_000L + random.Next(120_000);
        reading.Open(ms - 500, 100, 100, machine: true);
        for (var link = 1; link <= links; link++)
            reading.Click(ms += (apart / 2) + random.Next(apart), link, 100 + (link % addresses), 100 + (link % agents), machine: true);
        return reading;
    }

    private static Reading Arriving(Random random)
    {
        var ms = random.Next(0, 8_000);
        return new Reading { Links = 2 }.Click(ms, 1, machine: true).Click(ms + 300, 2, machine: true);
    }

    private static Reading Hidden(Random random)
    {
        var ms = 5_000 + random.Next(60_000);
        return new Reading().Click(ms, 2, 7, 7, machine: true).ScannerLink(ms + 2_000, 7, 8).Click(ms + 4_000, 5, 7, 9, machine: true);
    }

    private static Reading Slow(Random random)
    {
        var (reading, ms) = (new Reading(), 20_000L + random.Next(60_000));
        for (var link = 1; link <= 3; link++)
            reading.Click(ms += 3_000 + random.Next(3_000), link, machine: true);
        return reading;
    }
}
