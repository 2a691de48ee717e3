using System.Text.Json.Serialization;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>The body of <c>POST /v1/suppressions</c>, and a line of an import. Exactly one of <c>email</c> and <c>key</c>.</summary>
internal sealed record SuppressionRequest
{
    public string? Email { get; init; }

    /// <summary>The recipient key in 32 hex digits, as an export has it.</summary>
    public string? Key { get; init; }

    /// <summary><c>hard_bounce</c>, <c>complaint</c>, <c>unsubscribe</c> or <c>manual</c>, which it is unless given.</summary>
    public string? Reason { get; init; }

    /// <summary>The list that it is about; 0, for all mail, unless given.</summary>
    public uint? List { get; init; }

    /// <summary>Since when; now unless given.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>How an address stands.</summary>
/// <param name="Key">The recipient key in hex.</param>
/// <param name="Suppressed">It has at least one reason.</param>
/// <param name="Removed">Reasons that the call removed; absent where it is none that removes.</param>
internal sealed record SuppressionStatus(string? Email, string Key, bool Suppressed, IReadOnlyList<SuppressionReasonStatus> Reasons, int? Removed = null);

/// <param name="List">The list whose mail is not sent; 0 for all mail.</param>
internal sealed record SuppressionReasonStatus(string Reason, uint List, DateTimeOffset Since);

/// <summary>The answer to an import that was read to its end.</summary>
/// <param name="Lines">Lines of the body, blank ones among them; the header of a CSV is none.</param>
/// <param name="Added">Suppressions that are new.</param>
/// <param name="Known">Suppressions that were there before, or came twice; they keep their time.</param>
/// <param name="Rejected">Lines that were not taken.</param>
/// <param name="Rejections">The first of those.</param>
internal sealed record ImportAnswer(long Lines, long Added, long Known, long Rejected, IReadOnlyList<RejectedSuppression> Rejections);

/// <param name="Line">Number of the line, from 1.</param>
internal sealed record RejectedSuppression(long Line, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email, string Reason);
