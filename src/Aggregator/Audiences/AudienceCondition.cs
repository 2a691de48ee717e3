namespace Delivery.Aggregator.Audiences;

/// <summary>One thing that people of a job did, or that became of their mail, and whether an audience wants those or the others.</summary>
/// <param name="Deed">What; of people: what programs opened or clicked does not count.</param>
/// <param name="Number">The position or the link that <paramref name="Deed"/> is about; 0 otherwise.</param>
/// <param name="Wanted">False for everybody else of the job.</param>
internal readonly record struct AudienceCondition(AudienceDeed Deed, ushort Number, bool Wanted);
