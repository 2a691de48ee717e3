namespace Delivery.Mta.Messages;

/// <summary>An address with the name shown for it.</summary>
internal sealed record Mailbox(string Email, string? Name = null);
