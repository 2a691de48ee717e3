using System.Net;
using System.Net.Sockets;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <summary>
/// Finds the longest of many networks that holds an address: one look into a hash table for each length of prefix in use, and none
/// where there are no networks. Immutable and thread-safe.
/// </summary>
public sealed class NetworkTable
{
    private const int AddressBits = 128;
    private const int MappedBits = AddressBits - 32;
    private readonly Level[] _levels;

    /// <exception cref="FormatException">A network is out of form; settings are checked before.</exception>
    public NetworkTable(IEnumerable<ReaderNetwork> networks)
    {
        var levels = new Dictionary<int, Dictionary<UInt128, List<ReaderNetwork>>>();
        foreach (var network in networks)
        {
            var (address, length) = Parse(network.Network);
            if (!levels.TryGetValue(length, out var level))
                levels[length] = level = [];
            if (!level.TryGetValue(address, out var here))
                level[address] = here = [];
            here.Add(network);
        }

        _levels = [.. levels.OrderByDescending(level => level.Key).Select(level =>
            new Level(Mask(level.Key), level.Value.ToDictionary(one => one.Key, one => one.Value.ToArray())))];
    }

    /// <summary>False where no network of this scope holds the address.</summary>
    public bool TryFind(EventKind kind, IPAddress? address, out ReaderVerdict verdict)
    {
        verdict = default;
        if (_levels.Length == 0 || address is null)
            return false;
        var number = Number(address);
        foreach (var level in _levels)
        {
            if (!level.Networks.TryGetValue(number & level.Mask, out var networks))
                continue;
            foreach (var network in networks)
            {
                if (!Applies(network.Applies, kind))
                    continue;
                verdict = new ReaderVerdict(network.Class, network.Reason);
                return true;
            }
        }

        return false;
    }

    private static bool Applies(ReaderNetworkScope scope, EventKind kind) => scope switch
    {
        ReaderNetworkScope.Clicks => kind == EventKind.Clicked,
        ReaderNetworkScope.Opens => kind == EventKind.Opened,
        _ => true,
    };

    private static (UInt128 Address, int Length) Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return (Number(address), AddressBits);
        var network = IPNetwork.Parse(text);
        var length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0);
        return (Number(network.BaseAddress) & Mask(length), length);
    }

    /// <summary>As IPv6, IPv4 mapped.</summary>
    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[..10].Clear();
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128 Mask(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (AddressBits - length);

    private sealed record Level(UInt128 Mask, Dictionary<UInt128, ReaderNetwork[]> Networks);
}
