namespace Delivery.Contracts.Events;

/// <summary>
/// The layout that a record's body shares with ClickHouse's RowBinary, so that the aggregator moves bytes instead of building objects.
/// A row of table <c>events</c> is <see cref="PrefixColumns"/> (written by the aggregator from the entry's header)
/// followed by the record's body as <see cref="BodyColumns"/>, unchanged.
/// </summary>
public static class EventRow
{
    /// <summary><c>UInt64, UInt16, UInt64</c>: who numbered the event, on which shard, and its number there.</summary>
    public const string PrefixColumns = "producer, shard, number";

    /// <summary>
    /// <c>Enum8, DateTime64(3), UInt32, UInt64, UInt32, UInt16, UInt16, UInt16, Enum8, String, UInt16, UInt16, String, Enum8,
    /// String, String, String, String, String, IPv6, Bool</c>.
    /// </summary>
    public const string BodyColumns =
        "kind, time, account, job, recipient, link, position, loop_index, class, class_reason, attempt, smtp_code, "
        + "enhanced_status, bounce_class, mx, reason, reply, url, user_agent, ip, uncertain";

    /// <summary>After an accepted event's body; with <c>account, job, recipient</c> in front it is a row of table <c>recipients</c>.</summary>
    public const string RecipientColumns = "upstream_id, variant, domain, recipient_key, metadata";

    /// <summary>A job record's body after its kind byte.</summary>
    public const string JobColumns = "account, job, created, campaign_id, subject, from_email, from_name, metadata";

    /// <summary>A link record's body after its kind byte.</summary>
    public const string LinkColumns = "account, job, position, link, part, url, text";

    /// <summary>A mail record's body after its kind byte: <c>UInt32, UInt64, UInt16, UInt16, Bool, String, String, String</c>.</summary>
    public const string MailColumns = "account, job, piece, pieces, truncated, language, direction, html";
}
