using Microsoft.AspNetCore.Http.HttpResults;

namespace Delivery.Mta.Jobs;

/// <summary>Why a job was not taken, where the request itself is sound.</summary>
/// <param name="RetrySeconds">When to try again; null where trying again does not help.</param>
internal sealed record IntakeFailure(ProblemHttpResult Problem, int? RetrySeconds = null);
