namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary>The standard normal distribution, to about 14 digits.</summary>
internal static class NormalDistribution
{
    private const double Tiny = 1e-300;

    /// <summary>How likely a value is that lies as far from 0 as <paramref name="z"/> or further, on either side: from 0 to 1.</summary>
    public static double TwoSided(double z) => Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The complementary error function (DLMF 7.2.2) of a number that is not negative.</summary>
    private static double Erfc(double x) => x < 2 ? 1 - Series(x) : Fraction(x);

    /// <summary>DLMF 7.6.2.</summary>
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 0; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 3);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>The continued fraction DLMF 7.9.1, by Lentz's way.</summary>
    private static double Fraction(double x)
    {
        var (f, c, d) = (x, x, 0d);
        for (var n = 1; n < 500; n++)
        {
            var a = n / 2d;
            d = x + (a * d);
            d = d == 0 ? Tiny : d;
            c = x + (a / c);
            d = 1 / d;
            var step = c * d;
            f *= step;
            if (Math.Abs(step - 1) < 1e-16)
                break;
        }

        return Math.Exp(-x * x) / (f * Math.Sqrt(Math.PI));
    }
}
