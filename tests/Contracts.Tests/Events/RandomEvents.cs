using System.Net;
using System.Text;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Tests.Events;

/// <summary>Events with everything in them that text and numbers can be.</summary>
internal sealed class RandomEvents(Random random)
{
    private static readonly BounceClass[] BounceClasses = Enum.GetValues<BounceClass>();

    public DeliveryEvent Next(EventKind? kind = null) => new()
    {
        Kind = kind ?? (EventKind)random.Next(2, 13),
        TimeMs = random.NextInt64(EventLimits.MinTimeMs, EventLimits.MaxTimeMs + 1),
        Account = (uint)random.NextInt64(uint.MaxValue + 1L),
        Job = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        Recipient = (uint)random.NextInt64(uint.MaxValue + 1L),
        Link = (ushort)random.Next(65_536),
        Position = (ushort)random.Next(65_536),
        LoopIndex = (ushort)random.Next(65_536),
        Class = (ReaderClass)random.Next(3),
        ClassReason = Text(),
        Attempt = (ushort)random.Next(65_536),
        SmtpCode = (ushort)random.Next(65_536),
        EnhancedStatus = Text(),
        BounceClass = BounceClasses[random.Next(BounceClasses.Length)],
        Mx = Text(),
        Reason = Text(),
        Reply = Text(),
        Url = Text(),
        UserAgent = Text(),
        Ip = Address(),
        Uncertain = random.Next(2) == 1,
    };

    public RecipientDimension Recipient() => new(
        Text(), Text(), Text(), new RecipientKey((ulong)random.NextInt64(), (ulong)random.NextInt64()), random.Next(3) == 0 ? default : "{\"a\":\"ב\"}"u8.ToArray());

    public JobDimension Job() => new(
        (uint)random.Next(), (ulong)random.NextInt64(), random.NextInt64(EventLimits.MinTimeMs, EventLimits.MaxTimeMs), Text(), Text(), Text(), Text(), "{}"u8.ToArray());

    public LinkDimension Link() => new((uint)random.Next(), (ulong)random.NextInt64(), (ushort)random.Next(65_536), (ushort)random.Next(65_536), "html", Text() ?? "", Text() ?? "");

    /// <summary>Null, empty, short, or far over any limit; with every width of character, lone surrogates and NUL.</summary>
    public string? Text()
    {
        if (random.Next(6) == 0)
            return random.Next(2) == 0 ? null : "";
        var text = new StringBuilder();
        for (var length = random.Next(8) == 0 ? random.Next(3_000) : random.Next(150); length > 0; length--)
        {
            _ = random.Next(6) switch
            {
                0 => text.Append((char)random.Next(0xD800, 0xE000)),
                1 => text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))),
                2 => text.Append((char)random.Next(0x800, 0xD800)),
                3 => text.Append((char)random.Next(0x80, 0x800)),
                _ => text.Append((char)random.Next(0, 0x80)),
            };
        }

        return text.ToString();
    }

    private IPAddress? Address()
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        return random.Next(5) == 0 ? null : new IPAddress(bytes);
    }
}
