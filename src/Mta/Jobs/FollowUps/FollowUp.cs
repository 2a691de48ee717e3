using Delivery.Contracts.Access;
using Delivery.Mta.Messages;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>A job to an audience that was checked as a whole and has no recipients yet.</summary>
/// <param name="Spooled">As it is opened.</param>
/// <param name="Events">What its acceptance tells the analysts, but for the recipients.</param>
/// <param name="Owner">What is known of the account; null for one of the settings alone.</param>
internal sealed record FollowUp(
    AudienceRequest Audience, SendJob Job, CompiledContent Compiled, SpooledJob Spooled, IReadOnlyList<OutboxEntry> Events, Account? Owner, string? IdempotencyKey, byte[] BodyHash);
