using System.Net;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Events of a few jobs as a campaign brings them, some from the month before, with machines among the readers.</summary>
internal sealed class Traffic(int seed)
{
    private static readonly long Start = new DateTimeOffset(2026, 10, 31, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private readonly Random _random = new(seed);

    public static ulong[] Jobs { get; } = [1_000_000_000_000_000_001, 1_000_000_000_000_000_002, 3];

    public List<DeliveryEvent> All { get; } = [];

    /// <summary>Makes <paramref name="count"/> more events and returns only them.</summary>
    public List<DeliveryEvent> More(int count)
    {
        var made = new List<DeliveryEvent>(count);
        for (var i = 0; i < count; i++)
            made.Add(One());
        All.AddRange(made);
        return made;
    }

    private DeliveryEvent One()
    {
        var kind = (EventKind)_random.Next(1, 13);
        var reads = kind is EventKind.Opened or EventKind.Clicked;
        var position = kind == EventKind.Clicked ? (ushort)_random.Next(1, 5) : (ushort)0;
        return new DeliveryEvent
        {
            Kind = kind,
            TimeMs = Start + _random.NextInt64(0, 2 * 3600 * 1000),
            Account = Installation.Account,
            Job = Jobs[_random.Next(Jobs.Length)],
            Recipient = (uint)_random.Next(60),
            Position = position,
            Link = position,
            LoopIndex = (ushort)(position == 4 ? _random.Next(3) : 0),
            Class = reads ? (ReaderClass)_random.Next(3) : ReaderClass.Human,
            ClassReason = reads ? "rule" : null,
            Reason = kind == EventKind.Dropped ? (_random.Next(2) == 0 ? "suppressed" : "cancelled") : null,
            BounceClass = kind == EventKind.Bounced ? BounceClass.InvalidRecipient : BounceClass.None,
            SmtpCode = kind == EventKind.Bounced ? (ushort)550 : (ushort)0,
            Attempt = 1,
            Url = position > 0 ? $"https://shop.example/p/{position}?r={_random.Next(9)}" : null,
            UserAgent = reads ? "Mozilla/5.0 \t\"quoted\"\n" : null,
            Ip = reads ? IPAddress.Parse("192.0.2.7") : null,
            Mx = "mx.example",
            Reply = "250 ok",
        };
    }
}
