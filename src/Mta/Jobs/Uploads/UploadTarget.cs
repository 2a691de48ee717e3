using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>The job that takes the recipients, and what it had taken before.</summary>
/// <param name="List">The list that the job is mail of; 0 for none.</param>
/// <param name="Shards">Streams that events are spread over.</param>
/// <param name="MaxRecipientsPerDay">What the account may have taken in a day; null for any number.</param>
internal sealed record UploadTarget(
    uint Account, ulong Job, uint List, UploadMark Mark, ReadOnlyMemory<byte> RecipientSecret, int Shards, long? MaxRecipientsPerDay = null);
