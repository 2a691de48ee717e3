namespace Delivery.Mta.Spool;

/// <summary>What was answered to an idempotency key, and the SHA-256 of the body that it was answered to.</summary>
internal sealed record IdempotentAnswer(byte[] BodyHash, byte[] Response);
