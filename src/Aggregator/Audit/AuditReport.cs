namespace Delivery.Aggregator.Audit;

/// <summary>What an audit found. Lists hold the first <see cref="MostNamed"/>; the counts are of all.</summary>
internal sealed class AuditReport
{
    public const int MostNamed = 1_000;

    /// <summary>Whether the producers' numbers were compared.</summary>
    public bool NumbersCompared { get; set; }

    public int Producers { get; set; }

    /// <summary>Numbers that are rows of <c>events</c>.</summary>
    public ulong Events { get; set; }

    /// <summary>Numbers of jobs, links, mails and dead letters.</summary>
    public ulong Aside { get; set; }

    /// <summary>Numbers that Redis still holds.</summary>
    public ulong Waiting { get; set; }

    /// <summary>Missing numbers from before they were kept apart from jobs and links: nobody can tell.</summary>
    public ulong Untold { get; set; }

    /// <summary>Numbers that are neither in ClickHouse nor in Redis: cannot be repaired.</summary>
    public ulong Lost { get; set; }

    public List<NumberSpan> Gaps { get; } = [];

    /// <summary>Rows of events beyond the first of their number: cannot be repaired.</summary>
    public ulong Surplus { get; set; }

    public List<NumberSpan> Repeats { get; } = [];

    public int Jobs { get; set; }

    /// <summary>What differs now, after the repair where one was asked for.</summary>
    public List<RollupDifference> Differences { get; } = [];

    public int DifferingJobs { get; set; }

    /// <summary>Jobs that differed and agree now.</summary>
    public int RepairedJobs { get; set; }

    /// <summary>Jobs that were counted again because that was asked for.</summary>
    public int RebuiltJobs { get; set; }

    /// <summary>What an operator should know besides.</summary>
    public List<string> Notices { get; } = [];

    public bool Agrees => Lost == 0 && Surplus == 0 && DifferingJobs == 0;

    public void AddGap(NumberSpan gap)
    {
        Lost += gap.Count;
        if (Gaps.Count < MostNamed)
            Gaps.Add(gap);
    }

    public void AddRepeat(NumberSpan repeat)
    {
        Surplus += repeat.Count;
        if (Repeats.Count < MostNamed)
            Repeats.Add(repeat);
    }
}
