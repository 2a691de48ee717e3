using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>The body of <c>POST /v1/preview</c>: a job's body with at most 100 recipients, or none.</summary>
internal sealed record PreviewRequest
{
    /// <summary>Taken and not looked at, so that a job's body can be previewed as it is.</summary>
    public string? CampaignId { get; init; }

    public required MessageContent Content { get; init; }

    public JobOptions Options { get; init; } = new();

    public JsonElement SubstitutionData { get; init; }

    public JsonElement Metadata { get; init; }

    /// <summary>Absent: rendered once, with empty data.</summary>
    public IReadOnlyList<JobRecipient>? Recipients { get; init; }
}
