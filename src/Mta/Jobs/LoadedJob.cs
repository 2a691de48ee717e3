using System.Text.Json;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>What composing a job's messages needs, made once a job: compiled content, parsed data. Immutable and thread-safe.</summary>
internal sealed class LoadedJob
{
    public required ulong Id { get; init; }

    public required uint Account { get; init; }

    /// <summary>Since when it may be sent; what is too old to be tried again counts from here.</summary>
    public required long StartedMs { get; init; }

    public required CompiledContent Content { get; init; }

    /// <summary>MAIL FROM of all its messages, ASCII.</summary>
    public required byte[] EnvelopeFrom { get; init; }

    /// <summary>Goes before bulk mail, and goes on where bulk mail waits.</summary>
    public bool Transactional { get; init; }

    /// <summary>Not sent from this on, Unix milliseconds; <see cref="long.MaxValue"/> for no end but the retry schedule's.</summary>
    public long ExpiresMs { get; init; } = long.MaxValue;

    /// <summary>The account's list that it is mail of; 0 for none.</summary>
    public uint List { get; init; }

    /// <summary>Whether nothing of it goes onto the wire.</summary>
    public bool Sandbox { get; init; }

    /// <summary>The job's Feedback-ID header; empty where there is to be none.</summary>
    public required byte[] FeedbackId { get; init; }

    public required JsonElement SubstitutionData { get; init; }

    public required JsonElement Metadata { get; init; }
}
