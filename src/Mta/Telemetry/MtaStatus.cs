namespace Delivery.Mta.Telemetry;

/// <summary>What <c>GET /status</c> shows.</summary>
internal sealed record MtaStatus
{
    /// <summary>Redis has told the suppressions and goes on doing so.</summary>
    public required bool SuppressionsFresh { get; init; }

    /// <summary>Suppressions that this Mta holds, over all accounts.</summary>
    public required long Suppressions { get; init; }

    /// <summary>Suppressions of its own outcomes that Redis has not had for long, or not at all.</summary>
    public required long SuppressionsDue { get; init; }

    /// <summary>Recipients without an outcome.</summary>
    public required long Open { get; init; }

    /// <summary>Recipients between the spool and their outcome.</summary>
    public required int InFlight { get; init; }

    /// <summary>Events on disk that Redis has not taken yet.</summary>
    public required long Outbox { get; init; }

    /// <summary>Commits that reached the disk since the start.</summary>
    public required long Commits { get; init; }

    /// <summary>Domains with a DKIM key.</summary>
    public required int DkimDomains { get; init; }

    /// <summary>Files of DKIM keys that are not fit to sign with; the log names them.</summary>
    public required int DkimFaults { get; init; }

    /// <summary>DKIM signatures made since the start.</summary>
    public required long DkimSignatures { get; init; }

    /// <summary>Seconds of work since the start, by part of the path; see <see cref="BusyTimes"/>.</summary>
    public required BusySeconds BusySeconds { get; init; }
}

/// <inheritdoc cref="BusyTimes"/>
internal sealed record BusySeconds(double Accept, double Claim, double Compose, double Spool, double Publish);
