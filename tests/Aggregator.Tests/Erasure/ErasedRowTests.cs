using System.Net;
using Delivery.Aggregator.Erasure;
using Delivery.Contracts;
using Delivery.Contracts.Events;

namespace Delivery.Aggregator.Tests.Erasure;

public sealed class ErasedRowTests
{
    [Theory]
    [InlineData(EventKind.Clicked, "page", null)]
    [InlineData(EventKind.Dropped, "suppressed", "suppressed")]
    public void Of_an_event_what_is_counted_stays_and_nothing_else(EventKind kind, string reason, string? left)
    {
        var e = new DeliveryEvent
        {
            Kind = kind, TimeMs = EventLimits.MinTimeMs + 5, Account = 3, Job = 0x0102_0304_0506_0708, Recipient = 9, Link = 2, Position = 4, LoopIndex = 1, Class = ReaderClass.Scanner,
            ClassReason = "rule", Attempt = 2, SmtpCode = 250, EnhancedStatus = "2.0.0", BounceClass = BounceClass.MailboxFull, Mx = "mx.noa.example", Reason = reason,
            Reply = new string('r', 300), Url = "https://x.example/noa", UserAgent = "Noa/1", Ip = IPAddress.Parse("198.51.100.7"), Uncertain = true,
        };

        Assert.Equal((e.Job, e.Recipient), ErasedRow.Subject(Body(e)));
        Assert.Equal(Body(e with { Mx = null, Reason = left, Reply = null, Url = null, UserAgent = null, Ip = null }), ErasedRow.Event(Body(e)));
    }

    [Fact]
    public void Of_a_recipient_the_variant_stays()
    {
        var e = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = EventLimits.MinTimeMs, Account = 3, Job = 4, Recipient = 9 };
        var row = Recipient(e, new RecipientDimension("crm-1", "B", "noa.example", new RecipientKey(1, 2), "{\"a\":\"noa\"}"u8.ToArray()));

        Assert.Equal(Recipient(e, new RecipientDimension("", "B", "", default, default)), ErasedRow.Recipient(row));
    }

    private static byte[] Body(in DeliveryEvent e)
    {
        var writer = new EntryWriter();
        writer.Add(e);
        Assert.True(EntryReader.TryOpen(writer.Written.Span, 1, out var reader, out _) && reader.TryNext());
        return reader.Body.ToArray();
    }

    private static byte[] Recipient(in DeliveryEvent e, in RecipientDimension recipient)
    {
        var writer = new EntryWriter();
        writer.AddAccepted(e, recipient);
        Assert.True(EntryReader.TryOpen(writer.Written.Span, 1, out var reader, out _) && reader.TryNext());
        return reader.Recipient.ToArray();
    }
}
