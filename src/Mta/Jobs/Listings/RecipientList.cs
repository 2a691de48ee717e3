using System.Text.Json.Serialization;

namespace Delivery.Mta.Jobs.Listings;

/// <summary>A page of recipients.</summary>
/// <param name="Next">What to give as <c>after</c> for the next page; null where there is none. A page may hold fewer than asked for, even none, and have a next one.</param>
internal sealed record RecipientList(
    IReadOnlyList<ListedRecipient> Recipients, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <param name="Detail">The peer's last answer, or why it was dropped.</param>
internal sealed record ListedRecipient(
    long Ordinal, string Email, string? Name, string? Id, string? Variant, string State, int Attempts, bool Uncertain, string? Detail);
