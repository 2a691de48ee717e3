namespace Delivery.Aggregator.Audit;

/// <summary>What an audit is to look at and to do.</summary>
internal sealed record AuditRequest
{
    /// <summary>Jobs of this account alone; null for all.</summary>
    public uint? Account { get; init; }

    /// <summary>This job alone; null for all.</summary>
    public ulong? Job { get; init; }

    /// <summary>Jobs and numbers with an event on or after this day (UTC); null for all.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Have the roll-ups that differ counted again.</summary>
    public bool Repair { get; init; }

    /// <summary>Have all roll-ups counted again, whatever the comparison says.</summary>
    public bool Rebuild { get; init; }

    /// <summary>Numbers belong to no job, so they are compared only where all jobs are.</summary>
    public bool HasNumbers => Account is null && Job is null;
}
