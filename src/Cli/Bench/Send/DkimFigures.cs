namespace Delivery.Cli.Bench.Send;

/// <summary>What DKIM costs beyond its signatures, in messages a second.</summary>
/// <param name="PlainPerSecond">Without a key.</param>
/// <param name="SignaturesPerSecond">Signatures alone, on all cores, with nothing else to do.</param>
/// <param name="ExpectedPerSecond">Where a message takes the time of both: 1/(1/plain + 1/signatures).</param>
/// <param name="OfExpected">The measured rate as a share of it; 1 where DKIM costs its signatures and nothing more.</param>
internal sealed record DkimFigures(double PlainPerSecond, double SignaturesPerSecond, double ExpectedPerSecond, double OfExpected)
{
    public static DkimFigures Of(double plain, double signatures, double measured)
    {
        var expected = 1 / (1 / plain + 1 / signatures);
        return new DkimFigures(plain, Math.Round(signatures, 1), Math.Round(expected, 1), Math.Round(measured / expected, 4));
    }
}
