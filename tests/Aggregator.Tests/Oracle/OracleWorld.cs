using System.Text;
using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>The accounts, jobs, links and people of a run; all follows from the seed.</summary>
internal sealed class OracleWorld
{
    public const int Shards = 4;
    private const int EventsPerRecipient = 6;
    private const int Persons = 20_000;
    private static readonly string[] Texts = ["", "=SUM(A1)", "Buy, \"now\"", "Größe\t& mehr\n", "+1", "@home", "it's \\ here", "плати", "-5 %", "plain"];
    private static readonly string[] Domains = ["example.com", "mail.example", "xn--bcher-kva.example", ""];
    private static readonly string[] Variants = ["", "A", "B", "C d"];

    /// <summary>Hours before the edges of months, years, the first day of time, a 29th of February and a change of summer time somewhere.</summary>
    private static readonly DateTimeOffset[] Starts =
    [
        Utc(2026, 10, 31, 22), Utc(2025, 12, 31, 23), Utc(2024, 2, 28, 23), Utc(2026, 3, 29, 0), Utc(2020, 1, 1, 0), Utc(2026, 10, 25, 0), Utc(2026, 9, 14, 8),
    ];

    public OracleWorld(Random random, int jobs, int events)
    {
        for (var i = 0; i < jobs; i++)
            Jobs.Add(NewJob(random, i, jobs, events));
        Silent = NewJob(random, jobs, jobs, events);
    }

    /// <summary>The second and the third share an id; no other two do.</summary>
    public static uint[] Accounts { get; } = [7, 8, uint.MaxValue];

    public List<OracleJob> Jobs { get; } = [];

    /// <summary>Has a row and links, and nothing ever happens to it.</summary>
    public OracleJob Silent { get; }

    /// <summary>People of some account who are in several jobs.</summary>
    public static IEnumerable<RecipientKey> People { get; } = [new(0xFEED_0000_0000_0001, 3), new(0xFEED_0000_0000_0001, 1_017), new(0xFEED_0000_0000_0001, 77)];

    public static RecipientDimension Recipient(OracleJob job, uint recipient)
    {
        var ordinal = recipient - job.FirstRecipient;
        var person = ((ulong)ordinal + ((ulong)job.Index * 3)) % Persons;
        return new RecipientDimension(
            $"u-{job.Index}-{recipient}", Variants[ordinal % (uint)Variants.Length], Domains[person % (ulong)Domains.Length], new RecipientKey(0xFEED_0000_0000_0001, person), default);
    }

    private OracleJob NewJob(Random random, int index, int jobs, int events)
    {
        var account = Accounts[index % Accounts.Length];
        var id = index == 2 ? Jobs[1].Id : NewId(random, index);
        var start = Starts[index % Starts.Length].ToUnixTimeMilliseconds();
        var positions = 2 + random.Next(11);
        var written = index % 3 == 1 ? positions - 1 : positions + (index % 2);
        var recipients = Math.Max(50, events / jobs / EventsPerRecipient);
        var links = Enumerable.Range(1, written).Select(position => new LinkDimension(
            account, id, (ushort)position, OracleJob.LinkAt(position), position % 4 == 0 ? "text" : "html",
            $"https://shop.example/{{{{id}}}}?a=1,2&p={position}", Texts[random.Next(Texts.Length)])).ToList();
        JobDimension? about = index == 5 ? null : new JobDimension(
            account, id, start + random.Next(100_000), $"campaign {index % 4}", Texts[random.Next(Texts.Length)] + index, "a@shop.example", "A", Encoding.UTF8.GetBytes("{}"));
        return new OracleJob(index, account, id, start, index == 4 ? uint.MaxValue - (uint)recipients : 0, recipients, positions, links, about);
    }

    /// <summary>Anywhere in 64 bits, and so that every shard has jobs.</summary>
    private static ulong NewId(Random random, int index)
    {
        while (true)
        {
            var id = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(40);
            if (id > 0 && StreamNames.ShardOf(id, Shards) == index % Shards)
                return id;
        }
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour) => new(year, month, day, hour, 0, 0, TimeSpan.Zero);
}
