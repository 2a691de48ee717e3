using System.Globalization;
using System.Text.Json.Serialization;
using Delivery.Aggregator.Reports.Figures;

namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>A job and what became of it, on one line.</summary>
internal record JobLine : MailFigures
{
    /// <param name="about">Null where the row of the job has not arrived yet.</param>
    public JobLine(ulong job, JobRow? about, FigureTally figures)
        : base(figures)
    {
        Job = job.ToString(CultureInfo.InvariantCulture);
        CampaignId = about?.CampaignId ?? "";
        Subject = about?.Subject ?? "";
        FromEmail = about?.FromEmail ?? "";
        Created = about is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(about.CreatedMs);
    }

    /// <summary>Decimal, as a string: 64 bits are more than JSON's readers keep.</summary>
    [JsonPropertyOrder(-5)]
    public string Job { get; }

    [JsonPropertyOrder(-4)]
    public string CampaignId { get; }

    [JsonPropertyOrder(-3)]
    public string Subject { get; }

    [JsonPropertyOrder(-2)]
    public string FromEmail { get; }

    /// <summary>Null where the row of the job has not arrived yet.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset? Created { get; }
}
