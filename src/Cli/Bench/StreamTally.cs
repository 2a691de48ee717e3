using System.Globalization;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Cli.Bench;

/// <summary>Reads the event stream from its beginning and counts its records by their kind, an <see cref="EventKind"/> or a <see cref="DimensionKind"/>.</summary>
internal static class StreamTally
{
    private const int Page = 500;

    /// <exception cref="InvalidDataException">An entry cannot be read.</exception>
    public static async Task<long[]> ReadAsync(IDatabase redis, StreamNames names)
    {
        var kinds = new long[byte.MaxValue + 1];
        var from = "-";
        while (true)
        {
            var entries = (RedisResult[])(await redis.ExecuteAsync("XRANGE", (string)names.Entries!, from, "+", "COUNT", Page.ToString(CultureInfo.InvariantCulture)))!;
            foreach (var entry in entries)
            {
                var parts = (RedisResult[])entry!;
                from = "(" + (string)parts[0]!;
                Add(kinds, (RedisResult[])parts[1]!);
            }

            if (entries.Length < Page)
                return kinds;
        }
    }

    private static void Add(long[] kinds, RedisResult[] fields)
    {
        var (count, records) = (0, Array.Empty<byte>());
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if ((string)fields[i]! == PublishScript.CountField)
                count = (int)fields[i + 1];
            else if ((string)fields[i]! == PublishScript.RecordsField)
                records = (byte[])fields[i + 1]!;
        }

        if (!EntryReader.TryOpen(records, count, out var reader, out var fault))
            throw new InvalidDataException(fault);
        while (reader.TryNext())
            kinds[reader.Kind]++;
    }
}
