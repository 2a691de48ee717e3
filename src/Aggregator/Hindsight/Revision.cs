using Delivery.Contracts.Readers;

namespace Delivery.Aggregator.Hindsight;

/// <summary>An event that counts as something else from now on.</summary>
internal readonly record struct Revision(ReaderKey Reader, ReaderEvent Event, ReaderVerdict Verdict);
