namespace Delivery.Cli.Bench.Rollup;

/// <summary>What <c>bench rollup --json</c> writes.</summary>
internal sealed record RollupResult
{
    public required long Events { get; init; }

    /// <summary>Events of one stream entry.</summary>
    public required int Packed { get; init; }

    /// <summary>Over <see cref="Seconds"/>.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>From the start of the aggregator's process until every event is a row and in every roll-up.</summary>
    public required double Seconds { get; init; }

    /// <summary>Of those, until the aggregator was ready; its tables are made in that time.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>From the first batch that was seen to the end, without the start; null where there was but one batch.</summary>
    public double? SteadyEventsPerSecond { get; init; }

    /// <summary>Rows of the raw table, and what the roll-ups add up to.</summary>
    public required long RawRows { get; init; }

    public required long RolledUpEvents { get; init; }

    public required long RolledUpClicks { get; init; }

    public required long ExpectedClicks { get; init; }

    /// <summary>The same rows inserted over HTTP in blocks as large as the aggregator's, into a table like the raw one that has no views.</summary>
    public required double PlainInsertPerSecond { get; init; }

    /// <summary>The same into the raw table, whose views feed the roll-ups.</summary>
    public required double InsertWithViewsPerSecond { get; init; }

    /// <summary>By program, from the aggregator's start to the last row.</summary>
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }

    public required long AggregatorPeakRssBytes { get; init; }

    public required MachineFigures Machine { get; init; }
}
