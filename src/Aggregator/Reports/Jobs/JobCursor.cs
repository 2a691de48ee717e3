using System.Globalization;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Where a page of jobs, newest first, ends: the last job's creation and its id, since several can be of one millisecond.</summary>
internal readonly record struct JobCursor(long CreatedMs, ulong Job)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedMs}-{Job}");

    public static bool TryParse(string text, out JobCursor cursor)
    {
        cursor = default;
        if (text.Split('-') is not [var created, var id]
            || !long.TryParse(created, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || !ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            return false;
        cursor = new JobCursor(ms, job);
        return true;
    }
}
