using Delivery.Mta.Outcomes;

namespace Delivery.Mta.Lanes;

/// <summary>Retries that differ for an account, a domain or a kind of mail; <c>Mta:Retries:N</c>. What it leaves out is as for all.</summary>
internal sealed class RetryOverride
{
    /// <summary>Null: every account.</summary>
    public uint? Account { get; set; }

    /// <summary>The recipient's domain: <c>example.com</c>, or <c>*.example.com</c> for every domain below it. Empty: every domain.</summary>
    public string Domain { get; set; } = "";

    /// <summary>True: transactional mail only; false: bulk mail only. Null: both.</summary>
    public bool? Transactional { get; set; }

    /// <summary>Pause before the second attempt.</summary>
    public TimeSpan? First { get; set; }

    /// <summary>Longest pause between attempts.</summary>
    public TimeSpan? Max { get; set; }

    /// <summary>How long after its acceptance a recipient is tried before it expires.</summary>
    public TimeSpan? ExpireAfter { get; set; }

    public bool Matches(uint account, ReadOnlySpan<char> domain, bool transactional) =>
        (Account is not { } only || only == account)
        && (Transactional is not { } kind || kind == transactional)
        && (Domain.Length == 0 || new PeerPattern(Domain).Matches(domain));
}
