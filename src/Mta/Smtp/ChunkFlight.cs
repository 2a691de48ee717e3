namespace Delivery.Mta.Smtp;

/// <summary>A transaction between its admission and the answer to its BDAT.</summary>
/// <param name="Since">When it was admitted, as a timestamp of the time provider.</param>
internal readonly record struct ChunkFlight(OutgoingMessage Message, ChunkBody Body, long Since);
