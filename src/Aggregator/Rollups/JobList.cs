using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>Job ids as ClickHouse takes and gives them.</summary>
internal static class JobList
{
    /// <summary>A parameter of type <c>Array(UInt64)</c>.</summary>
    public static string Text(IEnumerable<ulong> jobs) =>
        "[" + string.Join(',', jobs.Select(job => job.ToString(CultureInfo.InvariantCulture))) + "]";

    /// <summary>The ids in an answer of one column.</summary>
    public static List<ulong> Read(byte[] answer)
    {
        var jobs = new List<ulong>();
        for (var rows = new TabSeparated(answer); !rows.AtEnd;)
            jobs.Add(rows.UInt64());
        return jobs;
    }
}
