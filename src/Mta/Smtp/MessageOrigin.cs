namespace Delivery.Mta.Smtp;

/// <summary>Whose message it is.</summary>
internal readonly record struct MessageOrigin(uint Account, ulong Job, uint Recipient);
