using System.Text.Json;
using Delivery.Contracts;

namespace Delivery.Mta.Messages;

/// <summary>One recipient of a job. Elements left undefined are empty; their documents outlive the call.</summary>
internal readonly struct MessageInput
{
    public required uint Account { get; init; }

    public required ulong Job { get; init; }

    /// <summary>A field of the job's own with its CRLF, from <see cref="Messages.FeedbackId.Header"/>; left out where the content brings its own.</summary>
    public byte[]? FeedbackId { get; init; }

    /// <summary>Dense ordinal within the job.</summary>
    public required uint Recipient { get; init; }

    /// <summary>The Date header, and in seconds the send time in the tokens.</summary>
    public required DateTimeOffset Date { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary>The upstream app's own id, <c>{{recipient_id}}</c>.</summary>
    public string? UpstreamId { get; init; }

    public required RecipientKey Key { get; init; }

    /// <summary>The account's list that an unsubscribe is about; 0 for all of its mail.</summary>
    public uint List { get; init; }

    /// <summary>Nothing of it goes onto the wire: it costs no DKIM signature.</summary>
    public bool Unsigned { get; init; }

    public JsonElement SubstitutionData { get; init; }

    public JsonElement JobSubstitutionData { get; init; }

    public JsonElement Metadata { get; init; }

    public JsonElement JobMetadata { get; init; }
}
