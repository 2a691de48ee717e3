using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Delivery.Tracker.Telemetry;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Delivery.Tracker.Admission;

/// <summary>
/// How many openings and clicks of one client are recorded: <see cref="TrackerOptions.ClientRecordsPerSecond"/> in the long run,
/// <see cref="TrackerOptions.ClientBurst"/> at once. A client is an IPv4 address or an IPv6 /64. In fixed memory: a client has a place in each of two
/// tables and is over only where both say so, so that strangers who share one of them do not count against it. Thread-safe, without locks.
/// </summary>
internal sealed class ClientLimit
{
    private const int Places = 1 << 16;
    private readonly long[] _first = [];
    private readonly long[] _second = [];
    private readonly ulong _firstSeed = Seed();
    private readonly ulong _secondSeed = Seed();
    private readonly long _ticksEach;
    private readonly long _ticksAhead;
    private readonly int _perSecond;
    private readonly TrustedProxies _proxies;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private long _saidAt;

    public ClientLimit(IOptions<TrackerOptions> options, TimeProvider time, ILogger<ClientLimit> log)
    {
        _time = time;
        _log = log;
        _perSecond = options.Value.ClientRecordsPerSecond;
        _proxies = new TrustedProxies(options.Value.TrustedProxies);
        if (_perSecond == 0)
            return;
        (_first, _second) = (new long[Places], new long[Places]);
        _ticksEach = Math.Max(1, time.TimestampFrequency / _perSecond);
        _ticksAhead = _ticksEach * (Math.Max(options.Value.ClientBurst, 1) - 1);
        _saidAt = time.GetTimestamp() - time.TimestampFrequency * 60;
    }

    /// <summary>
    /// Counts one request; false where its client is over the limit. Never for this machine's own addresses and trusted proxies: behind a proxy
    /// the forwarded address is the client's, and one that forwards none stands for all of its readers.
    /// </summary>
    public bool Lets(IPAddress? client)
    {
        if (_first.Length == 0 || client is null)
            return true;
        var key = Key(client);
        var now = _time.GetTimestamp();
        ref var first = ref _first[Place(key ^ _firstSeed)];
        ref var second = ref _second[Place(key ^ _secondSeed)];
        if (Math.Min(Volatile.Read(ref first), Volatile.Read(ref second)) - now <= _ticksAhead)
        {
            Charge(ref first, now);
            Charge(ref second, now);
            return true;
        }

        if (IPAddress.IsLoopback(client) || _proxies.Contains(client))
            return true;
        Say(now);
        return false;
    }

    /// <summary>Moves the time at which the client has none left of its burst; in a race one of two may go uncounted.</summary>
    private void Charge(ref long place, long now)
    {
        var until = Volatile.Read(ref place);
        Interlocked.CompareExchange(ref place, Math.Max(until, now) + _ticksEach, until);
    }

    /// <summary>At most once a minute: that somebody is over, and what to do where it is a proxy.</summary>
    private void Say(long now)
    {
        var before = Volatile.Read(ref _saidAt);
        if (now - before >= _time.TimestampFrequency * 60 && Interlocked.CompareExchange(ref _saidAt, now, before) == before)
            TrackerLog.ClientOverLimit(_log, _perSecond);
    }

    private static ulong Key(IPAddress client)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!client.TryWriteBytes(bytes, out _))
            return 0;
        if (client.AddressFamily == AddressFamily.InterNetwork)
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return client.IsIPv4MappedToIPv6 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Every bit of the key changes half of the place's bits, and nobody outside knows the seed.</summary>
    private static int Place(ulong key)
    {
        key ^= key >> 33;
        key *= 0xff51afd7ed558ccd;
        key ^= key >> 33;
        key *= 0xc4ceb9fe1a85ec53;
        return (int)(key >> 48);
    }

    private static ulong Seed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
