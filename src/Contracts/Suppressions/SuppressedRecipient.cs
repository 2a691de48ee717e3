namespace Delivery.Contracts.Suppressions;

/// <param name="Recipient">Who gets no mail.</param>
/// <param name="Why">For which reason, on which list, since when.</param>
public readonly record struct SuppressedRecipient(RecipientKey Recipient, SuppressedFor Why);
