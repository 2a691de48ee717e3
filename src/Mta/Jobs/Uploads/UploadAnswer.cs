using System.Text.Json.Serialization;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The answer to an upload that was taken whole.</summary>
/// <param name="Lines">Lines that the job has taken, over all uploads.</param>
/// <param name="Accepted">Recipients that the job has, on disk.</param>
/// <param name="Rejected">Lines of the job that were rejected.</param>
/// <param name="Rejections">The first of this upload; <c>GET /v1/jobs/{id}/rejections</c> has them all.</param>
/// <param name="Suppressed">Recipients of this upload that were taken and are suppressed as of now, and so will end as dropped; absent where none is.</param>
internal sealed record UploadAnswer(string Id, long Lines, long Accepted, long Rejected, IReadOnlyList<RejectedLine> Rejections, long? Suppressed = null);

/// <param name="Line">Number of the line, from 1.</param>
internal sealed record RejectedLine(long Line, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email, string Reason);

/// <summary>The answer to a job's start.</summary>
internal sealed record JobStarted(string Id, long Accepted, long Rejected, string State);
