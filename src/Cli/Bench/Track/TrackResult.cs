namespace Delivery.Cli.Bench.Track;

/// <summary>What <c>bench track --json</c> writes.</summary>
internal sealed record TrackResult
{
    public required long Requests { get; init; }

    public required int Connections { get; init; }

    public required int WarmUpRequests { get; init; }

    /// <summary>One for each endpoint, in the order of measuring; one that is not installed is left out.</summary>
    public required IReadOnlyList<TrackRow> Rows { get; init; }

    /// <summary>Events of the tracker that Redis holds, warm-up included.</summary>
    public required long RecordedOpens { get; init; }

    public required long RecordedClicks { get; init; }

    /// <summary>Requests that should have made them.</summary>
    public required long ExpectedOpens { get; init; }

    public required long ExpectedClicks { get; init; }

    /// <summary>By program, over its measured requests.</summary>
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }

    public required long TrackerPeakRssBytes { get; init; }

    public required MachineFigures Machine { get; init; }
}

/// <param name="Name">Such as <c>tracker opens</c>.</param>
/// <param name="P50Microseconds">From the first byte of a request to the last of its answer.</param>
/// <param name="AnswerBytes">Of one answer, its head included.</param>
internal sealed record TrackRow(string Name, double RequestsPerSecond, double P50Microseconds, double P99Microseconds, int AnswerBytes);
