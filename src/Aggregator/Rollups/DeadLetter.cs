namespace Delivery.Aggregator.Rollups;

/// <summary>Something that came through a stream and cannot be read.</summary>
/// <param name="Entry">Id of the stream entry that held it.</param>
/// <param name="Producer">As the entry says; empty where it says nothing.</param>
/// <param name="Number">The record's number, or the entry's first one where the whole entry is bad.</param>
/// <param name="Count">Empty for one record; for a whole entry the records that it says it has, <c>?</c> where it does not say.</param>
/// <param name="Raw">The record with its kind byte, or the whole entry.</param>
internal sealed record DeadLetter(string Entry, string Reason, string Producer, string Number, string Count, byte[] Raw);
