namespace Delivery.Aggregator.Webhooks;

/// <summary>What an account wants to be told, and where; as Redis keeps it. Holds secrets: not for answers or logs. Immutable.</summary>
internal sealed class Subscription
{
    public required string Id { get; init; }

    public required uint Account { get; init; }

    public required string Url { get; init; }

    /// <summary>Names of kinds, in the order of <see cref="EventNames"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Only events of the jobs of this campaign; null for all.</summary>
    public string? CampaignId { get; init; }

    public bool Enabled { get; init; } = true;

    public required DateTimeOffset Created { get; init; }

    /// <summary>Rises when what is wanted changes: a batch that was begun before is not continued then.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>When somebody last asked to try again; a sender begins anew with another one.</summary>
    public DateTimeOffset? Resumed { get; init; }

    /// <summary><c>whsec_…</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before the last rotation; null where there was none.</summary>
    public string? OldSecret { get; init; }

    /// <summary>Until when the old one signs too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    public bool WantsSameAs(Subscription other) => Url == other.Url && CampaignId == other.CampaignId && Events.SequenceEqual(other.Events);

    public Subscription With(
        string? url = null, IReadOnlyList<string>? events = null, bool? enabled = null, (string? Id, bool Given) campaign = default, DateTimeOffset? resumed = null) => new()
    {
        Id = Id,
        Account = Account,
        Url = url ?? Url,
        Events = events ?? Events,
        CampaignId = campaign.Given ? campaign.Id : CampaignId,
        Enabled = enabled ?? Enabled,
        Created = Created,
        Revision = events is not null || campaign.Given ? Revision + 1 : Revision,
        Resumed = resumed ?? Resumed,
        Secret = Secret,
        OldSecret = OldSecret,
        OldSecretUntil = OldSecretUntil,
    };

    public Subscription Rotated(string secret, DateTimeOffset oldUntil) => new()
    {
        Id = Id,
        Account = Account,
        Url = Url,
        Events = Events,
        CampaignId = CampaignId,
        Enabled = Enabled,
        Created = Created,
        Revision = Revision,
        Resumed = Resumed,
        Secret = secret,
        OldSecret = Secret,
        OldSecretUntil = oldUntil,
    };
}
