using System.Globalization;

namespace Delivery.Aggregator.Reports.People;

/// <summary>Something that happened with a mail to a person.</summary>
/// <param name="Position">Of the link that was followed; null where none was.</param>
/// <param name="Class">Who opened or clicked, as is known now; null for other kinds.</param>
/// <param name="BounceClass">Null where nothing was refused.</param>
internal sealed record PersonEvent(
    DateTimeOffset Time, string Kind, string Job, string CampaignId, string Subject, int? Position, string? Url, string? Class, int? SmtpCode,
    string? BounceClass, string? Reason)
{
    public static PersonEvent Of(PersonEventRow row) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(row.Ms),
        row.Kind,
        row.Job.ToString(CultureInfo.InvariantCulture),
        row.CampaignId,
        row.Subject,
        row.Position == 0 ? null : row.Position,
        row.Url.Length == 0 ? null : row.Url,
        row.Kind is "opened" or "clicked" ? row.Class : null,
        row.SmtpCode == 0 ? null : row.SmtpCode,
        row.BounceClass == "none" ? null : row.BounceClass,
        row.Reason.Length == 0 ? null : row.Reason);
}
