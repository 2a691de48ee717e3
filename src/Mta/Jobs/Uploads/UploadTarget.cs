using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The job that takes the recipients, and what it had taken before.</summary>
/// <param name="Shards">Streams that events are spread over.</param>
internal sealed record UploadTarget(uint Account, ulong Job, UploadMark Mark, ReadOnlyMemory<byte> RecipientSecret, int Shards);
