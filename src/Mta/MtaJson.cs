using System.Text.Json.Serialization;
using Delivery.Mta.Erasure;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.Listings;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Queue;
using Delivery.Mta.Suppressions.Api;
using Delivery.Mta.Telemetry;
using Delivery.Mta.Telemetry.Tracing;

namespace Delivery.Mta;

/// <summary>How this program writes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SendJob))]
[JsonSerializable(typeof(JobAccepted))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(MtaStatus))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(JobStarted))]
[JsonSerializable(typeof(RecipientList))]
[JsonSerializable(typeof(QueueSummary))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(QueueChange))]
[JsonSerializable(typeof(TraceLine))]
[JsonSerializable(typeof(SuppressionRequest))]
[JsonSerializable(typeof(SuppressionStatus))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(PersonErased))]
[JsonSerializable(typeof(UnknownReplyList))]
[JsonSerializable(typeof(ClassifiedReply))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(IReadOnlyList<FieldError>))]
[JsonSerializable(typeof(IReadOnlyList<RejectedRecipient>))]
internal sealed partial class MtaJson : JsonSerializerContext;
