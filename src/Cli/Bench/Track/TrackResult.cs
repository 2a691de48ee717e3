namespace Delivery.Cli.Bench.Track;

/// <summary>What <c>bench track --json</c> writes.</summary>
internal sealed record TrackResult
{
    public required long Requests { get; init; }

    public required int Connections { get; init; }

    public required int WarmUpRequests { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Medians of the rounds, one for each endpoint, in the order of measuring; one that is not installed is left out.</summary>
    public required IReadOnlyList<TrackRow> Rows { get; init; }

    /// <summary>Every round, in the order of measuring.</summary>
    public required IReadOnlyList<TrackRow> AllRows { get; init; }

    /// <summary>The tracker's opens and clicks a second beside those of the bare Kestrel in the same round: the middle one of the rounds.</summary>
    public required double OpensOfBare { get; init; }

    public required double ClicksOfBare { get; init; }

    /// <summary>Requests that the tracker without a Redis answered and has in its journal.</summary>
    public required long Journaled { get; init; }

    public required long ExpectedJournaled { get; init; }

    /// <summary>Events of the tracker that Redis holds, warm-up included.</summary>
    public required long RecordedOpens { get; init; }

    public required long RecordedClicks { get; init; }

    /// <summary>Requests that should have made them.</summary>
    public required long ExpectedOpens { get; init; }

    public required long ExpectedClicks { get; init; }

    public required long TrackerPeakRssBytes { get; init; }

    public required MachineFigures Machine { get; init; }
}

/// <param name="Name">Such as <c>tracker opens</c>.</param>
/// <param name="P50Microseconds">From the first byte of a request to the last of its answer.</param>
/// <param name="AnswerBytes">Of one answer, its head included.</param>
internal sealed record TrackRow(string Name, double RequestsPerSecond, double P50Microseconds, double P99Microseconds, int AnswerBytes)
{
    /// <summary>CPU time of the server for one request, all its threads.</summary>
    public double CpuMicroseconds { get; init; }

    /// <summary>CPU time of Redis for one request; 0 where none is asked.</summary>
    public double RedisMicroseconds { get; init; }

    /// <summary>The row of the same name whose rate is in the middle of all rounds.</summary>
    public static TrackRow Median(IEnumerable<TrackRow> rounds)
    {
        var sorted = rounds.OrderBy(row => row.RequestsPerSecond).ToList();
        return sorted[sorted.Count / 2];
    }
}
