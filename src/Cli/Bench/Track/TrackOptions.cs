namespace Delivery.Cli.Bench.Track;

/// <summary>What <c>bench track</c> was asked for.</summary>
internal sealed record TrackOptions
{
    /// <summary>Of each endpoint.</summary>
    public required long Requests { get; init; }

    public required int Connections { get; init; }

    /// <summary>Of each endpoint, before its clock starts.</summary>
    public required int WarmUp { get; init; }

    /// <summary>How often everything is measured, in turns.</summary>
    public required int Rounds { get; init; }

    public string? Json { get; init; }

    public string? Data { get; init; }
}
