using System.Buffers.Text;
using System.Diagnostics;
using Delivery.Contracts.Tokens;

namespace Delivery.Tracker.Tests;

/// <summary>How long a refusal takes does not tell what was wrong with a token.</summary>
public sealed class ForgedTimingTests
{
    private const int Rounds = 400;
    private const int InARow = 50;
    private const int Tries = 5;
    private const double Tolerance = 0.25;
    private const int UnknownKey = 200;

    [Fact]
    public void A_token_is_refused_in_the_same_time_whatever_is_wrong_with_it()
    {
        var tokens = new TrackingTokens(KeyRing.Create());
        var kinds = Forged(tokens);
        var worst = double.MaxValue;
        for (var i = 0; i < Tries && worst > Tolerance; i++)
        {
            var medians = Medians(tokens, kinds);
            worst = Math.Min(worst, medians.Max() / medians.Min() - 1);
        }

        Assert.InRange(worst, 0, Tolerance);
    }

    /// <summary>The first and the last byte of the signature, the content, the key: all of one length.</summary>
    private static string[] Forged(TrackingTokens tokens)
    {
        var buffer = new byte[TrackingTokens.MaxLength];
        var length = tokens.WriteClick(TrackerHost.Subject, new LinkPlace(1, 1, 0), "https://example.com/some/page?of=a+shop"u8, buffer);
        var genuine = Base64Url.DecodeFromUtf8(buffer.AsSpan(0, length));
        return [With(genuine.Length - 12, b => b ^ 1), With(genuine.Length - 1, b => b ^ 1), With(20, b => b ^ 1), With(0, _ => UnknownKey)];

        string With(int at, Func<byte, int> change)
        {
            var bytes = (byte[])genuine.Clone();
            bytes[at] = (byte)change(bytes[at]);
            return Base64Url.EncodeToString(bytes);
        }
    }

    /// <summary>Of each kind, measured in turns.</summary>
    private static double[] Medians(TrackingTokens tokens, string[] kinds)
    {
        var ticks = kinds.Select(_ => new long[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                var begin = Stopwatch.GetTimestamp();
                for (var i = 0; i < InARow; i++)
                    Assert.False(tokens.TryReadClick(kinds[kind], out _));
                ticks[kind][round] = Stopwatch.GetTimestamp() - begin;
            }
        }

        return [.. ticks.Select(t => (double)t.Order().ElementAt(Rounds / 2))];
    }
}
