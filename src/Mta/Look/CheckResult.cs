namespace Delivery.Mta.Look;

/// <summary>What a look at a stored job's mail found.</summary>
internal sealed record CheckResult
{
    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>Recipients that the job has.</summary>
    public required long Recipients { get; init; }

    /// <summary>Recipients whose mail was looked at: as many as were asked for, or as many as time allowed.</summary>
    public required int Sampled { get; init; }

    public required int Errors { get; init; }

    public required int Warnings { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
