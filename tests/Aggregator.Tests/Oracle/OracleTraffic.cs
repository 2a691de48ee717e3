using System.Net;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>Draws what happens: of each shard a few jobs are under way at a time, with stragglers of all others.</summary>
internal sealed class OracleTraffic
{
    private const long Quarter = 15 * 60 * 1000;
    private const long Day = 24 * 3600 * 1000;
    private const int UnderWay = 2;

    /// <summary>Of the link that no person can see.</summary>
    private const int UnseenPosition = ushort.MaxValue;
    private static readonly string[] DropReasons = ["suppressed", "invalid", "render_failed", "sandbox", "cancelled"];
    private static readonly string[] Agents = ["Mozilla/5.0 (X11; Linux x86_64)", "GoogleImageProxy", "Ünïcode \"quoted\" 'agent' \\"];
    private static readonly BounceClass[] BounceClasses = Enum.GetValues<BounceClass>();
    private static readonly IPAddress?[] Addresses = [null, IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::17"), IPAddress.Parse("203.0.113.200")];

    /// <summary>Of each kind in this order, of 1,000.</summary>
    private static readonly (EventKind Kind, int Weight)[] Weights =
    [
        (EventKind.Accepted, 200), (EventKind.Delivered, 180), (EventKind.Deferred, 50), (EventKind.Bounced, 30), (EventKind.Dropped, 25), (EventKind.Expired, 10),
        (EventKind.OutOfBand, 10), (EventKind.Opened, 280), (EventKind.Clicked, 190), (EventKind.Unsubscribed, 12), (EventKind.Resubscribed, 5), (EventKind.Complained, 8),
    ];

    private readonly Random _random;
    private readonly OracleJob[][] _byShard;

    public OracleTraffic(OracleWorld world, Random random)
    {
        _random = random;
        _byShard = [.. Enumerable.Range(0, OracleWorld.Shards).Select(shard =>
            world.Jobs.Where(job => Delivery.Contracts.Streams.StreamNames.ShardOf(job.Id, OracleWorld.Shards) == shard).ToArray())];
    }

    /// <param name="progress">Of the whole run, from 0 to 1: decides which jobs are under way.</param>
    public (OracleJob Job, DeliveryEvent Event) Next(int shard, double progress)
    {
        var jobs = _byShard[shard];
        var first = (int)(progress * Math.Max(1, jobs.Length - UnderWay));
        var job = jobs[_random.Next(50) == 0 ? _random.Next(jobs.Length) : Math.Min(jobs.Length - 1, first + _random.Next(UnderWay))];
        return (job, Draw(job));
    }

    private DeliveryEvent Draw(OracleJob job)
    {
        var kind = Kind(job);
        var reads = kind is EventKind.Opened or EventKind.Clicked;
        var trap = kind == EventKind.Clicked && _random.Next(30) == 0;
        var position = trap ? UnseenPosition : kind == EventKind.Clicked ? 1 + (int)(job.Positions * Math.Pow(_random.NextDouble(), 1.5)) : 0;
        var peer = kind is EventKind.Delivered or EventKind.Deferred or EventKind.Bounced;
        return new DeliveryEvent
        {
            Kind = kind,
            TimeMs = Time(job),
            Account = job.Account,
            Job = job.Id,
            Recipient = job.FirstRecipient + (uint)(kind == EventKind.Accepted ? job.Accepted++ : (int)(job.Recipients * Math.Pow(_random.NextDouble(), 1.4))),
            Position = (ushort)position,
            Link = position == 0 ? (ushort)0 : OracleJob.LinkAt(position),
            LoopIndex = (ushort)(position > 3 ? _random.Next(3) : 0),
            Class = trap ? ReaderClass.Scanner : reads || kind == EventKind.Unsubscribed ? Class() : ReaderClass.Human,
            ClassReason = reads ? "a_rule" : null,
            Attempt = peer ? (ushort)_random.Next(1, 4) : (ushort)0,
            SmtpCode = peer ? (ushort)(kind == EventKind.Delivered ? 250 : _random.Next(400, 600)) : (ushort)0,
            EnhancedStatus = peer ? "4.2.1" : null,
            BounceClass = kind is EventKind.Bounced or EventKind.Deferred or EventKind.OutOfBand or EventKind.Expired ? BounceClasses[_random.Next(BounceClasses.Length)] : BounceClass.None,
            Mx = peer ? "mx.example" : null,
            Reason = kind == EventKind.Dropped ? DropReasons[_random.Next(DropReasons.Length)] : kind == EventKind.Unsubscribed ? "too_often" : null,
            Reply = peer ? "450 4.2.1 Später, \"bitte\"" : null,
            Url = position > 0 ? $"https://shop.example/p/{position}?r={_random.Next(9)}&x='é'" : null,
            UserAgent = reads ? Agents[_random.Next(Agents.Length)] : null,
            Ip = reads ? Addresses[_random.Next(Addresses.Length)] : null,
            Uncertain = peer && _random.Next(100) == 0,
        };
    }

    private EventKind Kind(OracleJob job)
    {
        while (true)
        {
            var drawn = _random.Next(1_000);
            var at = 0;
            for (; drawn >= Weights[at].Weight; at++)
                drawn -= Weights[at].Weight;
            if (Weights[at].Kind != EventKind.Accepted || job.Accepted < job.Recipients * 99 / 100)
                return Weights[at].Kind;
        }
    }

    private ReaderClass Class() => _random.Next(100) switch
    {
        < 70 => ReaderClass.Human,
        < 90 => ReaderClass.Proxy,
        _ => ReaderClass.Scanner,
    };

    /// <summary>Most soon, some weeks later; some on the first or the last millisecond of a quarter of an hour or of a month.</summary>
    private long Time(OracleJob job)
    {
        var late = _random.Next(50) == 0 ? _random.NextInt64(40 * Day) : 0;
        var time = job.StartMs + late + Math.Min(4 * Day, (long)(-Math.Log(1 - _random.NextDouble()) * Day / 4));
        return _random.Next(100) switch
        {
            < 3 => time - (time % Quarter),
            < 6 => time - (time % Quarter) + Quarter - 1,
            < 8 => NextMonth(time) - _random.Next(2),
            _ => time,
        };
    }

    private static long NextMonth(long time)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(time);
        return new DateTimeOffset(moment.Year, moment.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1).ToUnixTimeMilliseconds();
    }
}
