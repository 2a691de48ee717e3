using System.Net;
using System.Text;
using Delivery.Contracts.Events;
using Delivery.Testing.Rows;

namespace Delivery.Contracts.Tests.Events;

public sealed class EntryCodecTests
{
    [Fact]
    public void Any_records_come_back_in_order_as_rows_that_an_independent_decoder_reads()
    {
        var random = new Random(10);
        var events = new RandomEvents(random);
        var writer = new EntryWriter(16);
        for (var round = 0; round < 300; round++)
        {
            writer.Clear();
            var expected = new List<object>();
            for (var n = random.Next(1, 20); n > 0; n--)
                expected.Add(AddOne(writer, events, random));
            Assert.Equal(expected.Count, writer.Count);
            Assert.Equal(expected, ReadAll(writer.Written.ToArray(), writer.Count));
        }
    }

    [Fact]
    public void Text_is_cut_at_a_character_and_at_its_limit()
    {
        foreach (var piece in new[] { "a", "é", "א", "€", "😀", "\uD800", "a😀", "\uDC00é" })
        {
            for (var repeat = 20; repeat < 140; repeat++)
            {
                var text = string.Concat(Enumerable.Repeat(piece, repeat));
                var row = One(new DeliveryEvent { Kind = EventKind.Clicked, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = 0, Reason = text });
                Assert.Equal(Cut(text, EventLimits.WordBytes), row.Reason);
                Assert.InRange(Encoding.UTF8.GetByteCount(row.Reason), Math.Min(Encoding.UTF8.GetByteCount(Cut(text, int.MaxValue)), EventLimits.WordBytes - 3), EventLimits.WordBytes);
            }
        }
    }

    [Fact]
    public void An_ipv4_address_is_written_mapped_and_none_as_zero()
    {
        var e = new DeliveryEvent { Kind = EventKind.Opened, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = 0 };
        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.1"), One(e with { Ip = IPAddress.Parse("192.0.2.1") }).Ip);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), One(e with { Ip = IPAddress.Parse("2001:db8::1") }).Ip);
        Assert.Equal(IPAddress.IPv6Any, One(e).Ip);
    }

    [Fact]
    public void A_piece_of_a_mail_is_refused_over_its_limit_and_fits_a_record_at_it()
    {
        var writer = new EntryWriter();
        var mail = new MailDimension(1, 1, 0, 1, false, null, "ltr", new byte[EventLimits.MailPieceBytes]);
        writer.AddMail(mail);
        Assert.Equal(EventLimits.MailPieceBytes, ((MailRowValues)Assert.Single(ReadAll(writer.Written.ToArray(), 1))).Html.Length);
        Assert.Throws<ArgumentException>(() => writer.AddMail(mail with { Html = new byte[EventLimits.MailPieceBytes + 1] }));
    }

    [Fact]
    public void Metadata_over_the_limit_is_left_out_instead_of_cut()
    {
        var writer = new EntryWriter();
        var e = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = 0 };
        writer.AddAccepted(e, new RecipientDimension("u", null, "example.com", default, new byte[EventLimits.MetadataBytes + 1]));
        Assert.True(EntryReader.TryOpen(writer.Written.Span, 1, out var reader, out _));
        Assert.True(reader.TryNext());
        Assert.Equal("{}", RowDecoder.Recipient(reader.Recipient).Metadata);
    }

    [Fact]
    public void An_accepted_event_needs_its_recipient_and_no_other_takes_one()
    {
        var writer = new EntryWriter();
        var e = new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = EventLimits.MinTimeMs, Account = 1, Job = 1, Recipient = 0 };
        Assert.Throws<ArgumentException>(() => writer.Add(e));
        Assert.Throws<ArgumentException>(() => writer.AddAccepted(e with { Kind = EventKind.Opened }, default));
        Assert.Equal(0, writer.Count);
        Assert.Equal(1, writer.Written.Length);
    }

    internal static object AddOne(EntryWriter writer, RandomEvents events, Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                var (accepted, recipient) = (events.Next(EventKind.Accepted), events.Recipient());
                writer.AddAccepted(accepted, recipient);
                return (Row(accepted), new RecipientRowValues(
                    Cut(recipient.UpstreamId, EventLimits.UpstreamIdBytes), Cut(recipient.Variant, EventLimits.WordBytes), Cut(recipient.Domain, EventLimits.MxBytes),
                    recipient.Key.ToString(), recipient.Metadata.IsEmpty ? "{}" : Encoding.UTF8.GetString(recipient.Metadata.Span)));
            case 1:
                var job = events.Job();
                writer.AddJob(job);
                return new JobRowValues(
                    job.Account, job.Job, job.CreatedMs, Cut(job.CampaignId, EventLimits.UpstreamIdBytes), Cut(job.Subject, EventLimits.SubjectBytes),
                    Cut(job.FromEmail, EventLimits.MxBytes), Cut(job.FromName, EventLimits.MxBytes), "{}");
            case 2:
                var link = events.Link();
                writer.AddLink(link);
                return new LinkRowValues(
                    link.Account, link.Job, link.Position, link.Link, link.Part, Cut(link.Url, EventLimits.UrlBytes), Cut(link.Text, EventLimits.LinkTextBytes));
            case 3:
                var html = new string(random.Next(2) == 0 ? 'x' : 'א', random.Next(EventLimits.MailPieceBytes / 2));
                var mail = new MailDimension(7, (ulong)random.NextInt64(), (ushort)random.Next(9), 9, random.Next(2) == 0, "he-IL", "rtl", Encoding.UTF8.GetBytes(html));
                writer.AddMail(mail);
                return new MailRowValues(mail.Account, mail.Job, mail.Piece, mail.Pieces, mail.Truncated, "he-IL", "rtl", html);
            default:
                var e = events.Next();
                writer.Add(e);
                return Row(e);
        }
    }

    internal static List<object> ReadAll(byte[] entry, int count)
    {
        var read = new List<object>();
        Assert.True(EntryReader.TryOpen(entry, count, out var reader, out var fault), fault);
        while (reader.TryNext())
        {
            Assert.Null(reader.Fault);
            read.Add(reader.Kind switch
            {
                DimensionKind.Job => RowDecoder.Job(reader.Body),
                DimensionKind.Link => RowDecoder.Link(reader.Body),
                DimensionKind.Mail => RowDecoder.Mail(reader.Body),
                (byte)EventKind.Accepted => (RowDecoder.Event(reader.Body), RowDecoder.Recipient(reader.Recipient)),
                _ => RowDecoder.Event(reader.Body),
            });
        }

        return read;
    }

    internal static EventRowValues Row(in DeliveryEvent e) => new(
        (byte)e.Kind, e.TimeMs, e.Account, e.Job, e.Recipient, e.Link, e.Position, e.LoopIndex, (byte)e.Class, Cut(e.ClassReason, EventLimits.WordBytes),
        e.Attempt, e.SmtpCode, Cut(e.EnhancedStatus, EventLimits.WordBytes), (byte)e.BounceClass, Cut(e.Mx, EventLimits.MxBytes), Cut(e.Reason, EventLimits.WordBytes),
        Cut(e.Reply, EventLimits.ReplyBytes), Cut(e.Url, EventLimits.UrlBytes), Cut(e.UserAgent, EventLimits.UserAgentBytes),
        (e.Ip ?? IPAddress.IPv6Any).MapToIPv6(), e.Uncertain);

    /// <summary>As many whole characters as fit; what is half a character is U+FFFD.</summary>
    private static string Cut(string? text, int maxBytes)
    {
        var cut = new StringBuilder();
        var bytes = 0;
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
                break;
            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }

    private static EventRowValues One(in DeliveryEvent e)
    {
        var writer = new EntryWriter();
        writer.Add(e);
        return (EventRowValues)Assert.Single(ReadAll(writer.Written.ToArray(), 1));
    }
}
