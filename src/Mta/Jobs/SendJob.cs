using System.Text.Json;
using System.Text.Json.Serialization;
using Delivery.Mta.Jobs.FollowUps;
using Delivery.Mta.Look;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>The body of <c>POST /v1/jobs</c>: what to send, and to whom.</summary>
internal sealed record SendJob
{
    /// <summary>The upstream app's name for what belongs together, at most 255 bytes.</summary>
    public string CampaignId { get; init; } = "";

    /// <summary>Templates in subject, html, text, reply_to, from.name and header values.</summary>
    public required MessageContent Content { get; init; }

    public JobOptions Options { get; init; } = new();

    /// <summary>Data for every recipient; a recipient's own comes first.</summary>
    public JsonElement SubstitutionData { get; init; }

    /// <summary>What reports can group by; a JSON object of at most 16 KB.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>At least one; or null, which opens a job that takes its recipients by POST /v1/jobs/{id}/recipients.</summary>
    public required IReadOnlyList<JobRecipient> Recipients { get; init; }

    /// <summary><c>recipients</c> is null.</summary>
    [JsonIgnore]
    public bool IsOpen { get; init; }

    /// <summary>Set where <c>recipients</c> is <c>{"audience": …}</c>: people of an earlier job.</summary>
    [JsonIgnore]
    public AudienceRequest? Audience { get; init; }
}

internal sealed record JobOptions
{
    public bool OpenTracking { get; init; } = true;

    public bool ClickTracking { get; init; } = true;

    /// <summary>Whether the HTML holds a link that no person can see, which tells programs that follow links. Needs click tracking.</summary>
    public bool ScannerLink { get; init; }

    /// <summary>Mail that somebody waits for: overtakes bulk mail, and is retried for a shorter time.</summary>
    public bool Transactional { get; init; }

    /// <summary>Nothing of it is sent before this; null for at once.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Nothing of it is sent from this on: who has no outcome by then ends as expired. Null for no end but the retry schedule's.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Messages per second at most, over 0; null for as fast as the wire takes them.</summary>
    public double? MaxRate { get; init; }

    /// <summary>Largest number of a list.</summary>
    public const uint MaxList = int.MaxValue;

    /// <summary>The account's own number of the list that this is mail of, from 1; 0 for none. Who leaves the list gets no mail of it, and other mail still.</summary>
    public uint List { get; init; }

    /// <summary>Whether every recipient goes the whole way but onto the wire, and ends as dropped for the reason <c>sandbox</c>.</summary>
    public bool Sandbox { get; init; }

    /// <summary>Whether the mail is looked at before the job is taken.</summary>
    public CheckMode Check { get; init; }

    /// <summary>Added to the destinations of links; parameters that a URL has already stay as they are.</summary>
    public UtmParameters? Utm { get; init; }
}

/// <summary>One person. Data and metadata are JSON objects.</summary>
internal sealed record JobRecipient
{
    public required Mailbox Address { get; init; }

    /// <summary>The upstream app's own id, at most 255 bytes.</summary>
    public string? Id { get; init; }

    /// <summary>A/B label, at most 128 bytes.</summary>
    public string? Variant { get; init; }

    public JsonElement SubstitutionData { get; init; }

    public JsonElement Metadata { get; init; }
}

/// <summary>The answer to an accepted job.</summary>
/// <param name="Accepted">Recipients that are in the spool, on disk.</param>
/// <param name="Rejected">Recipients that were not taken, each with the reason.</param>
/// <param name="State"><c>open</c> where the job waits for its recipients, else absent.</param>
/// <param name="Warnings">What was found with <c>options.check</c>; absent without.</param>
/// <param name="Suppressed">How many of the accepted are suppressed as of now, and so will end as dropped; absent where none is.</param>
/// <param name="Audience">What the audience was that the job goes to; absent where it has recipients of its own.</param>
/// <param name="FreshAsOf">Events published before this were counted for the audience; absent where that cannot be told.</param>
internal sealed record JobAccepted(
    string Id, long Accepted, IReadOnlyList<RejectedRecipient> Rejected, string? State = null, IReadOnlyList<Finding>? Warnings = null, long? Suppressed = null,
    AudienceTaken? Audience = null, DateTimeOffset? FreshAsOf = null);

/// <param name="Job">The earlier job.</param>
/// <param name="People">How many the audience had.</param>
/// <param name="UnknownHere">Those of them whose addresses this Mta does not have: it was restored from before they were taken, or they were erased since.</param>
internal sealed record AudienceTaken(string Job, long People, long UnknownHere);

/// <param name="Index">Place in the request's <c>recipients</c>, from 0.</param>
internal sealed record RejectedRecipient(int Index, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email, string Reason);

/// <summary>How far a job is. The counts by state always add up to <see cref="Accepted"/>.</summary>
internal sealed record JobStatus
{
    public required string Id { get; init; }

    public required string CampaignId { get; init; }

    /// <summary>
    /// <c>open</c> until it is started; <c>scheduled</c> until its start_time, <c>sending</c>, <c>paused</c>; <c>cancelling</c> until the last of a cancelled job
    /// has its outcome; <c>finished</c> or <c>cancelled</c> once every recipient has its outcome.
    /// </summary>
    public required string State { get; init; }

    /// <summary>True for a job that is accounted for and not sent; absent otherwise.</summary>
    public bool? Sandbox { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>True for a transactional job; absent otherwise.</summary>
    public bool? Transactional { get; init; }

    /// <summary>Nothing of it is sent before; absent for at once.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Nothing of it is sent from then on; absent for no end but the retry schedule's.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When the last recipient got its outcome; absent until then.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Lines taken of what was uploaded; absent where the job came in one call.</summary>
    public long? Lines { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Recipients that were not taken: <c>GET /v1/jobs/{id}/rejections</c> names them.</summary>
    public required long Rejected { get; init; }

    /// <summary>Not tried yet or on the way.</summary>
    public required long Queued { get; init; }

    /// <summary>Tried, to be tried again.</summary>
    public required long Deferred { get; init; }

    public required long Delivered { get; init; }

    public required long Bounced { get; init; }

    public required long Expired { get; init; }

    public required long Dropped { get; init; }

    /// <summary>Recipients of whom an extra copy may have arrived (RFC 1047); beside the counts, not among them.</summary>
    public required long Uncertain { get; init; }
}
