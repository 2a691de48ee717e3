namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>What the reports say to an audience: the people, or why there are none to be had.</summary>
/// <param name="People">Null where <paramref name="Failure"/> says why.</param>
/// <param name="FreshAsOf">What was published before is counted; null where the reports cannot tell.</param>
internal sealed record AudienceAnswer(AudienceSet? People, DateTimeOffset? FreshAsOf, IntakeFailure? Failure)
{
    public static AudienceAnswer Of(IntakeFailure failure) => new(null, null, failure);
}
