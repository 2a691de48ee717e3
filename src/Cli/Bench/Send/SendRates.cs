namespace Delivery.Cli.Bench.Send;

/// <summary>Rates between two moments of a run, from its samples.</summary>
internal static class SendRates
{
    private const int MaxSamples = 200;

    /// <summary>Messages a second while the count went from one number to the other, between samples in a straight line; null where there are too few samples.</summary>
    public static double? Over(IReadOnlyList<SendSample> samples, long from, long to) =>
        At(samples, from) is { } begin && At(samples, to) is { } end && end > begin ? Math.Round((to - from) / (end - begin), 1) : null;

    /// <summary>Every so manieth sample, so that a long run's result stays small.</summary>
    public static IReadOnlyList<SendSample> Thin(IReadOnlyList<SendSample> samples)
    {
        var step = samples.Count / MaxSamples + 1;
        return [.. samples.Where((_, index) => index % step == 0 || index == samples.Count - 1)];
    }

    private static double? At(IReadOnlyList<SendSample> samples, long delivered)
    {
        for (var i = 1; i < samples.Count; i++)
        {
            var (before, after) = (samples[i - 1], samples[i]);
            if (after.Delivered >= delivered && after.Delivered > before.Delivered)
                return before.Seconds + (after.Seconds - before.Seconds) * Math.Max(0, delivered - before.Delivered) / (after.Delivered - before.Delivered);
        }

        return null;
    }
}
