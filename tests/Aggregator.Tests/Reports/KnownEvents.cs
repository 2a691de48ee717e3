using System.Globalization;
using Delivery.Aggregator.Erasure;
using Delivery.Aggregator.Tests.Scenarios;
using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Reports;

/// <summary>Events that a test writes down one by one, so that every figure can be counted by hand.</summary>
internal sealed class KnownEvents(Installation installation, ulong producer = 1)
{
    private readonly TestProducer _producer = installation.NewProducer(producer);
    private readonly List<Action<EntryWriter>> _records = [];

    /// <summary>2026-03-02T10:00:00Z, a Monday; the time of what names none.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public KnownEvents Job(
        ulong job, string campaign = "", string subject = "Hello", uint account = Installation.Account, DateTimeOffset? created = null, string from = "shop@example.com", params (ushort Position, string Url)[] links)
    {
        _records.Add(writer => writer.AddJob(new JobDimension(account, job, (created ?? Start).ToUnixTimeMilliseconds(), campaign, subject, from, "Shop", "{}"u8.ToArray())));
        foreach (var (position, url) in links)
            _records.Add(writer => writer.AddLink(new LinkDimension(account, job, position, position, "html", url, "link")));
        return this;
    }

    /// <summary>Accepts a recipient. The person is of the account and of <paramref name="person"/>, over jobs.</summary>
    public KnownEvents Accept(ulong job, uint recipient, string domain = "example.com", string variant = "", ulong? person = null, uint account = Installation.Account, string? id = null)
    {
        var accepted = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = Start.ToUnixTimeMilliseconds(), Account = account, Job = job, Recipient = recipient };
        var key = new RecipientKey(account, person ?? recipient + 1);
        _records.Add(writer => writer.AddAccepted(accepted, new RecipientDimension(
            id ?? string.Create(CultureInfo.InvariantCulture, $"C-{person ?? recipient + 1}"), variant, domain, key, "{}"u8.ToArray())));
        return this;
    }

    public KnownEvents Add(
        EventKind kind, ulong job, uint recipient, string? at = null, ReaderClass reader = ReaderClass.Human, ushort position = 0,
        uint account = Installation.Account, string? reason = null, BounceClass bounce = BounceClass.None)
    {
        var e = new DeliveryEvent
        {
            Kind = kind,
            TimeMs = (at is null ? Start : DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).ToUnixTimeMilliseconds(),
            Account = account,
            Job = job,
            Recipient = recipient,
            Class = reader,
            ClassReason = reader == ReaderClass.Human ? null : "rule",
            Position = position,
            Link = position,
            Url = position > 0 ? $"https://shop.example/{position}" : null,
            Reason = reason,
            BounceClass = bounce,
            SmtpCode = kind switch { EventKind.Bounced => 550, EventKind.Deferred => 451, EventKind.Delivered => 250, _ => 0 },
        };
        _records.Add(writer => writer.Add(e));
        return this;
    }

    /// <summary>The same kind of event for several recipients.</summary>
    public KnownEvents Each(EventKind kind, ulong job, params ReadOnlySpan<uint> recipients)
    {
        foreach (var recipient in recipients)
            Add(kind, job, recipient);
        return this;
    }

    /// <summary>Publishes what was noted, and waits until it is counted.</summary>
    public async Task PublishAsync()
    {
        foreach (var chunk in _records.Chunk(200))
        {
            await _producer.PublishAsync(writer =>
            {
                foreach (var record in chunk)
                    record(writer);
            });
        }

        _records.Clear();
        await installation.DrainedAsync();
    }

    /// <summary>Takes what people did, as <paramref name="which"/> says of table <c>events</c>, for a scanner's in hindsight.</summary>
    public async Task ReclassifyAsync(string which, params ulong[] jobs)
    {
        var fence = await installation.FenceAsync();
        await installation.ClickHouse.InsertSelectAsync(
            "INSERT INTO reclassifications (producer, shard, number, account, job, kind, recipient, time, class, class_reason, version) "
            + $"SELECT producer, shard, number, account, job, kind, recipient, time, 'scanner', 'burst', {fence.NextGeneration()} FROM events "
            + $"WHERE kind IN ('opened', 'clicked') AND class = 'human' AND ({which}) AND {fence.Condition}",
            fence.Mark("classes"), default);
        await installation.NewRebuild().RebuildAsync(jobs, fence, default);
    }

    /// <summary>Erases recipients, as <paramref name="which"/> says of table <c>recipients</c>, with the statements of an erasure.</summary>
    public async Task EraseAsync(string which)
    {
        await installation.ClickHouse.ExecuteAsync(
            $"INSERT INTO erased (account, job, recipient) SELECT DISTINCT account, job, recipient FROM recipients WHERE account = {Installation.Account} AND ({which})", default);
        await installation.ClickHouse.ExecuteAsync(new ErasureStatements(installation.Database, Installation.Account).BlankRecipients, default);
        await Eventually.HoldsAsync(
            async () => await installation.NumberAsync("SELECT count() FROM system.mutations WHERE database = currentDatabase() AND NOT is_done") == 0, "rows are blank");
    }
}
