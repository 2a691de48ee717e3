namespace Delivery.Aggregator.Reports.People;

/// <summary>A page of what happened with all mail to a person, newest first.</summary>
/// <param name="RecipientKey">Of 32 hexadecimal digits.</param>
/// <param name="UpstreamId">The person's id in the upstream app, as its newest job has it.</param>
/// <param name="Next">Give it as <c>before</c> for the page behind; null is the end.</param>
internal sealed record PersonTimeline(string RecipientKey, string UpstreamId, DateTimeOffset? FreshAsOf, IReadOnlyList<PersonEvent> Events, string? Next);
