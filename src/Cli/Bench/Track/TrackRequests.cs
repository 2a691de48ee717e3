using System.Text;
using Delivery.Contracts.Tokens;

namespace Delivery.Cli.Bench.Track;

/// <summary>Requests of mail readers with tokens that are signed as the Mta signs them, each for another recipient.</summary>
internal static class TrackRequests
{
    /// <summary>More than this are not told apart by any cache.</summary>
    public const int Distinct = 50_000;

    private const ulong Job = 382_805_526_594_977_792;
    private const string Head = " HTTP/1.1\r\nHost: t.example\r\nUser-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)\r\nAccept: */*\r\n\r\n";

    public static byte[][] Opens(KeyRing keys, long count)
    {
        var tokens = new TrackingTokens(keys);
        var token = new byte[TrackingTokens.MaxLength];
        return Make(count, "/o/", i => token.AsMemory(0, tokens.WriteOpen(Subject(i), token)));
    }

    public static byte[][] Clicks(KeyRing keys, long count)
    {
        var tokens = new TrackingTokens(keys);
        var token = new byte[TrackingTokens.MaxLength];
        return Make(count, "/c/", i => token.AsMemory(0, tokens.WriteClick(Subject(i), new LinkPlace(1, 1, 0), "https://shop.example/p/olive-wood-board?from=mail"u8, token)));
    }

    private static TrackingSubject Subject(int index) => new(1, Job, (uint)index, 1_795_337_607);

    private static byte[][] Make(long count, string path, Func<int, ReadOnlyMemory<byte>> token)
    {
        var requests = new byte[Math.Min(count, Distinct)][];
        for (var i = 0; i < requests.Length; i++)
            requests[i] = Encoding.ASCII.GetBytes($"GET {path}{Encoding.ASCII.GetString(token(i).Span)}{Head}");
        return requests;
    }
}
