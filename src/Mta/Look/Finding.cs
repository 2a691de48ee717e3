namespace Delivery.Mta.Look;

/// <summary>One thing that was seen when looking at a job's mail.</summary>
internal sealed record Finding
{
    /// <summary>A word for machines; docs/api.md lists them.</summary>
    public required string Code { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>Path of the field that it is about, such as <c>content.subject</c>.</summary>
    public required string Field { get; init; }

    /// <summary>What is wrong and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>Of how many of the recipients that were looked at.</summary>
    public required int Count { get; init; }

    /// <summary>The first of them.</summary>
    public required FindingExample Example { get; init; }

    /// <summary>Line in the field's own text, from 1; absent where it makes no sense.</summary>
    public int? Line { get; init; }

    /// <summary>Column in that line, from 1.</summary>
    public int? Column { get; init; }
}

/// <summary>One recipient; one of the two is given.</summary>
/// <param name="Index">Place in the request's <c>recipients</c>, from 0.</param>
/// <param name="Ordinal">Place among the accepted recipients of a stored job, from 0.</param>
internal sealed record FindingExample(uint? Index, uint? Ordinal);
