namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>One thing that was said on a connection, or happened to it.</summary>
internal sealed record TraceLine
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Milliseconds since the attempt's first command; null where the line belongs to no attempt.</summary>
    public double? Ms { get; init; }

    /// <summary>Tells connections apart; 0 for the trace itself.</summary>
    public int Connection { get; init; }

    public string? Job { get; init; }

    public uint? Recipient { get; init; }

    /// <summary><c>sent</c>, <c>received</c>, <c>note</c>, <c>end</c> (of an attempt, its result in <see cref="Text"/>), and of the trace itself <c>begin</c> and <c>idle</c>.</summary>
    public required string Kind { get; init; }

    public required string Text { get; init; }

    /// <summary>Lines that are missing before this one because they were not read in time; null for none.</summary>
    public long? Dropped { get; init; }
}
