using System.Net;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Tests.Events;

/// <summary>Version 1 of the codec, byte for byte. Another layout is another version byte, with this one still read.</summary>
public sealed class EntryGoldenTests
{
    private const string Golden =
        "017c000000097b48dca89a0100000700000008070605040302012900000002000300010002096b6e6f776e5f626f740400260205352e312e310a0e6d782e6578"
        + "616d706c652e636f6d017206353530206e6f1868747470733a2f2f6578616d706c652e636f6d2fd793d7a30455412f3100000000000000000000ffffc0000201"
        + "0167000000010048dca89a0100000700000009000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "000003752d3101420b6578616d706c652e636f6d00112233445566778899aabbccddeeff077b2261223a317d32000000410700000009000000000000000048dc"
        + "a89a01000006737072696e670248690d61406578616d706c652e636f6d0141027b7d3400000042070000000900000000000000030002000468746d6c19687474"
        + "70733a2f2f6578616d706c652e636f6d2f7b7b787d7d03427579"
        + "290000004307000000090000000000000001000200010268650372746c0f3c703ed7a9d79cd795d79d3c2f703e";

    [Fact]
    public void An_entry_is_written_as_it_always_was() => Assert.Equal(Golden, Convert.ToHexStringLower(Entry()));

    [Fact]
    public void An_entry_of_old_is_still_read() =>
        Assert.Equal(EntryCodecTests.ReadAll(Entry(), 5), EntryCodecTests.ReadAll(Convert.FromHexString(Golden), 5));

    private static byte[] Entry()
    {
        var writer = new EntryWriter();
        var e = new DeliveryEvent
        {
            Kind = EventKind.Clicked, TimeMs = 1_763_769_600_123, Account = 7, Job = 0x0102_0304_0506_0708, Recipient = 41, Link = 2, Position = 3, LoopIndex = 1,
            Class = ReaderClass.Scanner, ClassReason = "known_bot", Attempt = 4, SmtpCode = 550, EnhancedStatus = "5.1.1", BounceClass = BounceClass.InvalidRecipient,
            Mx = "mx.example.com", Reason = "r", Reply = "550 no", Url = "https://example.com/דף", UserAgent = "UA/1", Ip = IPAddress.Parse("192.0.2.1"), Uncertain = true,
        };
        writer.Add(e);
        writer.AddAccepted(
            new DeliveryEvent { Kind = EventKind.Accepted, TimeMs = 1_763_769_600_000, Account = 7, Job = 9, Recipient = 0 },
            new RecipientDimension("u-1", "B", "example.com", new RecipientKey(0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff), "{\"a\":1}"u8.ToArray()));
        writer.AddJob(new JobDimension(7, 9, 1_763_769_600_000, "spring", "Hi", "a@example.com", "A", default));
        writer.AddLink(new LinkDimension(7, 9, 3, 2, "html", "https://example.com/{{x}}", "Buy"));
        writer.AddMail(new MailDimension(7, 9, 1, 2, true, "he", "rtl", "<p>שלום</p>"u8.ToArray()));
        return writer.Written.ToArray();
    }
}
