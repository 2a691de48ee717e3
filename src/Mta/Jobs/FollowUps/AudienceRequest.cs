namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>The recipients of a job by reference: people of an earlier job of the account to whom conditions apply.</summary>
/// <param name="Job">The earlier job.</param>
/// <param name="Query">The conditions as <c>GET /v1/jobs/{id}/audience</c> of the reports takes them, escaped, without the question mark; empty for everybody.</param>
internal sealed record AudienceRequest(ulong Job, string Query);
