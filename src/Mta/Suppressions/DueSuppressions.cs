using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Lanes;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// Suppressions that this node's own outcomes brought and that stand in the spool until Redis has had them for a while. They hold from the commit on,
/// whether Redis is there or not. Always about all mail of the account. Thread-safe.
/// </summary>
internal sealed class DueSuppressions
{
    private static readonly List<SuppressedFor> Nothing = [];

    private readonly SuppressionTable _table = new();

    /// <summary>Raised when there are more.</summary>
    public Signal Added { get; } = new();

    /// <summary>How many hold.</summary>
    public int Count => _table.Count;

    public bool Contains(uint account, in RecipientKey key) => _table.Contains(account, key, 0);

    /// <summary>The outcomes are on disk, and with them those that suppress.</summary>
    public void Committed(List<AttemptOutcome> outcomes)
    {
        var any = false;
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Suppress is not { } reason)
                continue;
            Hold(outcomes[i].Recipient.Account, outcomes[i].Recipient.Key, reason);
            any = true;
        }

        if (any)
            Added.Raise();
    }

    public void Hold(uint account, in RecipientKey key, SuppressionReason reason) =>
        _table.Add(new SuppressionSlot(key.High, key.Low, account, 0, reason));

    /// <summary>Redis and the copy of it have them: they need not stand here any more.</summary>
    public void Release(DueSuppression one) => _table.Replace(one.Account, one.Key, Nothing);
}
