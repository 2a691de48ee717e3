using System.Globalization;
using System.Text;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>Which jobs of an account are meant; null stands for all.</summary>
/// <param name="From">Created then or later.</param>
/// <param name="To">Created earlier.</param>
/// <param name="Before">Those behind this one, newest first.</param>
internal sealed record JobFilter(string? CampaignId = null, ReportMoment? From = null, ReportMoment? To = null, JobCursor? Before = null)
{
    /// <summary>Further conditions on table <c>jobs</c>, each led by AND; they name the parameters <c>campaign</c> and <c>zone</c>.</summary>
    public string Sql
    {
        get
        {
            var sql = new StringBuilder();
            if (CampaignId is not null)
                sql.Append(" AND campaign_id = {campaign:String}");
            if (From is { } from)
                sql.Append(" AND created >= ").Append(from.Sql);
            if (To is { } to)
                sql.Append(" AND created < ").Append(to.Sql);
            if (Before is { } before)
                sql.Append(CultureInfo.InvariantCulture, $" AND (toUnixTimestamp64Milli(created), job) < (toInt64({before.CreatedMs}), toUInt64({before.Job}))");
            return sql.ToString();
        }
    }
}
