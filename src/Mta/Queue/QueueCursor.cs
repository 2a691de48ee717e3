using System.Globalization;

namespace Delivery.Mta.Queue;

/// <summary>How far a scan came: it goes on behind this place. Written as <c>stage.due.job.ordinal</c>.</summary>
internal readonly record struct QueueCursor(QueueStage Stage, long DueMs, long Job, long Ordinal)
{
    public static QueueCursor At(QueueStage stage) => new(stage, long.MinValue, -1, -1);

    public static bool TryParse(string text, out QueueCursor cursor)
    {
        cursor = default;
        var parts = text.Split('.');
        if (parts.Length != 4 || parts[0] is not ("0" or "1" or "2")
            || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var due)
            || !long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var job)
            || !long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ordinal))
            return false;
        cursor = new QueueCursor((QueueStage)(parts[0][0] - '0'), due, job, ordinal);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(int)Stage}.{DueMs}.{Job}.{Ordinal}");
}

/// <summary>Where a scan looks, in this order.</summary>
internal enum QueueStage
{
    /// <summary>In memory.</summary>
    InFlight,

    /// <summary>By job, and in each in the order in which they are due.</summary>
    Deferred,

    /// <summary>By job and ordinal: waiting and held.</summary>
    NeverTried,
}
