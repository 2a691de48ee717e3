using System.Text.Json.Serialization;

namespace Delivery.Aggregator.Audiences;

/// <summary>How an audience is read page by page.</summary>
/// <param name="Known">Whether the account has the job: 0 or 1.</param>
/// <param name="Starts">Ordinals with which the pages begin; none where nobody fits.</param>
internal sealed record AudienceOutline(byte Known, IReadOnlyList<uint> Starts);

/// <param name="WithoutId">Those of them to whom the upstream app gave no id.</param>
internal sealed record AudienceSize(ulong People, ulong WithoutId);

/// <summary>A link of a job's template.</summary>
internal sealed record AudienceLink(ushort Position, ushort Link);

/// <summary>The answer to a count.</summary>
internal sealed record AudienceCount(string Job, ulong People, ulong WithoutId, DateTimeOffset? FreshAsOf);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AudienceOutline))]
[JsonSerializable(typeof(AudienceSize))]
[JsonSerializable(typeof(AudienceLink))]
[JsonSerializable(typeof(AudienceCount))]
internal sealed partial class AudienceJson : JsonSerializerContext;
