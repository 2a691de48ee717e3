using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Delivery.Contracts.Events;

/// <summary>
/// Packs records into one stream entry: <c>version:u8 { length:u32le body }*</c>, body as <see cref="EventRow"/> describes.
/// Each record takes one of its producer's numbers, in the order of adding. Reusable after <see cref="Clear"/>; not thread-safe.
/// </summary>
public sealed class EntryWriter
{
    /// <summary>Leads every entry; a reader refuses entries of a version it does not know.</summary>
    public const byte Version = 1;

    private readonly ArrayBufferWriter<byte> _buffer;
    private byte[] _record = new byte[1024];
    private int _length;

    public EntryWriter(int capacityBytes = 4096)
    {
        _buffer = new ArrayBufferWriter<byte>(capacityBytes);
        Clear();
    }

    /// <summary>Records added since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The entry so far. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void Clear()
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(1)[0] = Version;
        _buffer.Advance(1);
        Count = 0;
    }

    /// <summary>Adds any event but an accepted one, which needs its recipient.</summary>
    public void Add(in DeliveryEvent e)
    {
        if (e.Kind == EventKind.Accepted)
            throw new ArgumentException("An accepted event carries its recipient: use AddAccepted.", nameof(e));
        Begin();
        WriteEvent(e);
        End();
    }

    public void AddAccepted(in DeliveryEvent e, in RecipientDimension recipient)
    {
        if (e.Kind != EventKind.Accepted)
            throw new ArgumentException("Only an accepted event carries a recipient.", nameof(e));
        Begin();
        WriteEvent(e);
        String(recipient.UpstreamId, EventLimits.UpstreamIdBytes);
        String(recipient.Variant, EventLimits.WordBytes);
        String(recipient.Domain, EventLimits.MxBytes);
        recipient.Key.CopyTo(Reserve(RecipientKey.Size));
        Json(recipient.Metadata.Span);
        End();
    }

    public void AddJob(in JobDimension job)
    {
        Begin();
        Byte(DimensionKind.Job);
        UInt32(job.Account);
        UInt64(job.Job);
        UInt64((ulong)job.CreatedMs);
        String(job.CampaignId, EventLimits.UpstreamIdBytes);
        String(job.Subject, EventLimits.SubjectBytes);
        String(job.FromEmail, EventLimits.MxBytes);
        String(job.FromName, EventLimits.MxBytes);
        Json(job.Metadata.Span);
        End();
    }

    public void AddLink(in LinkDimension link)
    {
        Begin();
        Byte(DimensionKind.Link);
        UInt32(link.Account);
        UInt64(link.Job);
        UInt16(link.Position);
        UInt16(link.Link);
        String(link.Part, EventLimits.WordBytes);
        String(link.Url, EventLimits.UrlBytes);
        String(link.Text, EventLimits.LinkTextBytes);
        End();
    }

    /// <exception cref="ArgumentException">The HTML is over its limit.</exception>
    public void AddMail(in MailDimension mail)
    {
        if (mail.Html.Length > EventLimits.MailPieceBytes)
            throw new ArgumentException($"A piece of {mail.Html.Length} bytes is over the limit of {EventLimits.MailPieceBytes}.", nameof(mail));
        Begin();
        Byte(DimensionKind.Mail);
        UInt32(mail.Account);
        UInt64(mail.Job);
        UInt16(mail.Piece);
        UInt16(mail.Pieces);
        Byte(mail.Truncated ? (byte)1 : (byte)0);
        String(mail.Language, EventLimits.WordBytes);
        String(mail.Direction, EventLimits.WordBytes);
        Length(mail.Html.Length);
        mail.Html.Span.CopyTo(Reserve(mail.Html.Length));
        End();
    }

    private void WriteEvent(in DeliveryEvent e)
    {
        Byte((byte)e.Kind);
        UInt64((ulong)e.TimeMs);
        UInt32(e.Account);
        UInt64(e.Job);
        UInt32(e.Recipient);
        UInt16(e.Link);
        UInt16(e.Position);
        UInt16(e.LoopIndex);
        Byte((byte)e.Class);
        String(e.ClassReason, EventLimits.WordBytes);
        UInt16(e.Attempt);
        UInt16(e.SmtpCode);
        String(e.EnhancedStatus, EventLimits.WordBytes);
        Byte((byte)e.BounceClass);
        String(e.Mx, EventLimits.MxBytes);
        String(e.Reason, EventLimits.WordBytes);
        String(e.Reply, EventLimits.ReplyBytes);
        String(e.Url, EventLimits.UrlBytes);
        String(e.UserAgent, EventLimits.UserAgentBytes);
        Address(e.Ip);
        Byte(e.Uncertain ? (byte)1 : (byte)0);
    }

    private void Begin() => _length = 0;

    private void End()
    {
        if (_length > EventLimits.RecordBytes)
            throw new InvalidOperationException($"A record of {_length} bytes is over the limit of {EventLimits.RecordBytes}.");
        var destination = _buffer.GetSpan(4 + _length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)_length);
        _record.AsSpan(0, _length).CopyTo(destination[4..]);
        _buffer.Advance(4 + _length);
        Count++;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_record.Length - _length < bytes)
            Array.Resize(ref _record, Math.Max(_record.Length * 2, _length + bytes));
        var span = _record.AsSpan(_length, bytes);
        _length += bytes;
        return span;
    }

    private void Byte(byte value) => Reserve(1)[0] = value;

    private void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    private void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    private void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    private void Length(int value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>Cut at a character where it is over the limit; a lone surrogate becomes U+FFFD.</summary>
    private void String(string? value, int maxBytes)
    {
        if (string.IsNullOrEmpty(value))
        {
            Byte(0);
            return;
        }

        byte[]? rented = null;
        var scratch = maxBytes <= 1024 ? stackalloc byte[maxBytes] : (rented = ArrayPool<byte>.Shared.Rent(maxBytes)).AsSpan(0, maxBytes);
        Utf8.FromUtf16(value, scratch, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        Length(written);
        scratch[..written].CopyTo(Reserve(written));
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private void Json(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > EventLimits.MetadataBytes)
            value = "{}"u8;
        Length(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    private void Address(IPAddress? ip)
    {
        var destination = Reserve(16);
        destination.Clear();
        if (ip is null)
            return;
        if (ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        {
            destination[10] = 0xFF;
            destination[11] = 0xFF;
            ip.TryWriteBytes(destination[12..], out _);
        }
        else
        {
            ip.TryWriteBytes(destination, out _);
        }
    }
}
