using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Delivery.Testing.Rows;

/// <summary>One row of <c>events</c> as ClickHouse would read it.</summary>
internal sealed record EventRowValues(
    byte Kind, long TimeMs, uint Account, ulong Job, uint Recipient, ushort Link, ushort Position, ushort LoopIndex, byte Class, string ClassReason,
    ushort Attempt, ushort SmtpCode, string EnhancedStatus, byte BounceClass, string Mx, string Reason, string Reply, string Url, string UserAgent,
    IPAddress Ip, bool Uncertain);

internal sealed record RecipientRowValues(string UpstreamId, string Variant, string Domain, string KeyHex, string Metadata);

internal sealed record JobRowValues(
    uint Account, ulong Job, long CreatedMs, string CampaignId, string Subject, string FromEmail, string FromName, string Metadata);

internal sealed record LinkRowValues(uint Account, ulong Job, ushort Position, ushort Link, string Part, string Url, string Text);

internal sealed record MailRowValues(uint Account, ulong Job, ushort Piece, ushort Pieces, bool Truncated, string Language, string Direction, string Html);

/// <summary>
/// Reads RowBinary column by column after ClickHouse's documentation and shares no code with the product.
/// Throws <see cref="FormatException"/> on whatever would break an insert or break into the next row.
/// </summary>
internal ref struct RowDecoder(ReadOnlySpan<byte> rest)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly HashSet<byte> BounceClasses = [0, 1, 10, 11, 12, 20, 21, 22, 23, 24, 25, 27, 30, 50, 51, 52, 53, 54, 55, 56, 57, 70, 71, 72, 73];
    private ReadOnlySpan<byte> _rest = rest;

    public static EventRowValues Event(ReadOnlySpan<byte> body)
    {
        var row = new RowDecoder(body);
        var values = new EventRowValues(
            row.Enum(1, 12), row.Time(), row.UInt32(), row.UInt64(), row.UInt32(), row.UInt16(), row.UInt16(), row.UInt16(), row.Enum(0, 2), row.String(),
            row.UInt16(), row.UInt16(), row.String(), row.BounceClass(), row.String(), row.String(), row.String(), row.String(), row.String(),
            new IPAddress(row.Take(16)), row.Enum(0, 1) == 1);
        row.End();
        return values;
    }

    public static RecipientRowValues Recipient(ReadOnlySpan<byte> body)
    {
        var row = new RowDecoder(body);
        var values = new RecipientRowValues(row.String(), row.String(), row.String(), Convert.ToHexStringLower(row.Take(16)), row.String());
        row.End();
        return values;
    }

    public static JobRowValues Job(ReadOnlySpan<byte> body)
    {
        var row = new RowDecoder(body);
        var values = new JobRowValues(
            row.UInt32(), row.UInt64(), row.Time(), row.String(), row.String(), row.String(), row.String(), row.String());
        row.End();
        return values;
    }

    public static LinkRowValues Link(ReadOnlySpan<byte> body)
    {
        var row = new RowDecoder(body);
        var values = new LinkRowValues(row.UInt32(), row.UInt64(), row.UInt16(), row.UInt16(), row.String(), row.String(), row.String());
        row.End();
        return values;
    }

    public static MailRowValues Mail(ReadOnlySpan<byte> body)
    {
        var row = new RowDecoder(body);
        var values = new MailRowValues(
            row.UInt32(), row.UInt64(), row.UInt16(), row.UInt16(), row.Enum(0, 1) == 1, row.String(), row.String(), row.String());
        row.End();
        return values;
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || _rest.Length < bytes)
            throw new FormatException("The row ends too early.");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    private byte Enum(byte min, byte max) =>
        Take(1)[0] is var value && value >= min && value <= max ? value : throw new FormatException($"No enum value {value}.");

    private byte BounceClass() =>
        Take(1)[0] is var value && BounceClasses.Contains(value) ? value : throw new FormatException($"No bounce class {value}.");

    private long Time()
    {
        var ms = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        var year = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, -62_135_596_800_000, 253_402_300_799_999)).Year;
        return year is >= 2020 and <= 2100 ? ms : throw new FormatException($"Year {year}.");
    }

    private ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private string String()
    {
        ulong length = 0;
        var shift = 0;
        byte next;
        do
        {
            next = Take(1)[0];
            length |= (ulong)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80 && shift < 63);
        if (length > int.MaxValue)
            throw new FormatException("A string of that length does not fit.");
        try
        {
            return Strict.GetString(Take((int)length));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("Text is not UTF-8.");
        }
    }

    private readonly void End()
    {
        if (!_rest.IsEmpty)
            throw new FormatException("Bytes after the row's end.");
    }
}
