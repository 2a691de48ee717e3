namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The account's other jobs took the rest of its day first: nothing of the chunk was written.</summary>
internal sealed class CapReachedException() : Exception("A cap of the account is reached.");
