namespace Delivery.Cli.Bench.Send;

/// <summary>What <c>bench send --json</c> writes. Times begin with the first byte of the first request.</summary>
internal sealed record SendResult
{
    /// <summary>Over <see cref="Seconds"/>.</summary>
    public required double MessagesPerSecond { get; init; }

    /// <summary>Until the last recipient has its outcome on disk and all events are in Redis.</summary>
    public required double Seconds { get; init; }

    /// <summary>Until the last recipient has its outcome on disk; seen within 50 ms.</summary>
    public required double SentSeconds { get; init; }

    public required double PublishedSeconds { get; init; }

    public required long Messages { get; init; }

    /// <summary>True mean of the messages, of a sample that a capturing sink took before.</summary>
    public required int SizeBytes { get; init; }

    public required int AskedSizeBytes { get; init; }

    public required int Connections { get; init; }

    public required int WarmUpMessages { get; init; }

    public required bool Streamed { get; init; }

    public required bool WithAggregator { get; init; }

    /// <summary>Until the answer to the last request.</summary>
    public required double AcceptSeconds { get; init; }

    public required double AcceptPerSecond { get; init; }

    /// <summary>Until the first recipient has its outcome on disk; null where only acceptance was measured.</summary>
    public double? FirstMessageSeconds { get; init; }

    public required long Delivered { get; init; }

    /// <summary>Recipients with another outcome, and those without one.</summary>
    public required long OtherOutcomes { get; init; }

    /// <summary>By program, over the measured time.</summary>
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }

    /// <summary>The Mta's.</summary>
    public required double CpuMicrosecondsPerMessage { get; init; }

    public required long MtaPeakRssBytes { get; init; }

    /// <summary>Shares of the Mta's CPU time by its own account, where it gives one.</summary>
    public IReadOnlyDictionary<string, double>? Parts { get; init; }

    /// <summary>Messages a second over the first and the last tenth; streamed only.</summary>
    public double? FirstTenthPerSecond { get; init; }

    public double? LastTenthPerSecond { get; init; }

    /// <summary>Over time; streamed only.</summary>
    public IReadOnlyList<SendSample>? Samples { get; init; }

    /// <summary>With <c>--dkim</c> only; all else then is of the run with DKIM.</summary>
    public DkimFigures? Dkim { get; init; }

    public required MachineFigures Machine { get; init; }
}
