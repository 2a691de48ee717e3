using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Mta.Messages;
using Delivery.Mta.Specimens;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs;

/// <summary>Packs what a job's acceptance tells the analysts: the job, its links, its mail, and an accepted event for each recipient. Reusable, not thread-safe.</summary>
internal sealed class EventPacker(ulong job, int shards)
{
    private const int RecordsPerEntry = 500;

    /// <summary>An entry is closed once it is this large; one more record keeps it far below <see cref="EventLimits.EntryBytes"/>.</summary>
    private const int BytesPerEntry = 512 * 1024;

    private readonly int _shard = StreamNames.ShardOf(job, shards);
    private readonly EntryWriter _entry = new(128 * 1024);
    private List<OutboxEntry> _packed = [];

    public void AddJob(SpooledJob spooled, MessageContent content, CompiledContent compiled)
    {
        _entry.AddJob(new JobDimension(
            spooled.Account, spooled.Id, spooled.CreatedMs, spooled.CampaignId, content.Subject, content.From.Email, content.From.Name, spooled.Metadata));
        foreach (var link in compiled.Links)
        {
            _entry.AddLink(new LinkDimension(
                spooled.Account, spooled.Id, link.Position, link.Link, link.Part == MessagePart.Html ? "html" : "text", link.Url, link.Text));
        }
    }

    public void AddMail(SpooledJob spooled, Specimen specimen)
    {
        var pieces = Utf8Pieces.Cut(specimen.Html, EventLimits.MailPieceBytes);
        for (var i = 0; i < pieces.Count; i++)
        {
            _entry.AddMail(new MailDimension(
                spooled.Account, spooled.Id, (ushort)i, (ushort)pieces.Count, specimen.Truncated, specimen.Language, specimen.IsRightToLeft ? "rtl" : "ltr", pieces[i]));
            if (_entry.Written.Length >= BytesPerEntry)
                Close();
        }
    }

    public void AddAccepted(SpooledRecipient recipient, long timeMs)
    {
        _entry.AddAccepted(
            new DeliveryEvent
            {
                Kind = EventKind.Accepted,
                TimeMs = timeMs,
                Account = recipient.Account,
                Job = recipient.Job,
                Recipient = recipient.Ordinal,
            },
            new RecipientDimension(recipient.UpstreamId, recipient.Variant, RecipientAddress.Domain(recipient.Email), recipient.Key, recipient.Metadata));
        if (_entry.Count >= RecordsPerEntry || _entry.Written.Length >= BytesPerEntry)
            Close();
    }

    /// <summary>All that was added since the last call.</summary>
    public List<OutboxEntry> Take()
    {
        Close();
        var packed = _packed;
        _packed = [];
        return packed;
    }

    private void Close()
    {
        if (_entry.Count == 0)
            return;
        _packed.Add(new OutboxEntry(_shard, _entry.Count, _entry.Written.ToArray()));
        _entry.Clear();
    }
}
