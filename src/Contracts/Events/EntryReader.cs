using System.Buffers.Binary;
using System.Text.Unicode;

namespace Delivery.Contracts.Events;

/// <summary>
/// Walks the records of one entry and validates each while it does, so that one bad record is told apart from its neighbours
/// before any of them is inserted. Never throws on hostile bytes.
/// </summary>
public ref struct EntryReader
{
    private ReadOnlySpan<byte> _rest;

    private EntryReader(ReadOnlySpan<byte> rest) => _rest = rest;

    /// <summary>The current record's kind: an <see cref="EventKind"/> or a <see cref="DimensionKind"/>.</summary>
    public byte Kind { get; private set; }

    /// <summary>
    /// The current record's bytes: for events the whole <see cref="EventRow.BodyColumns"/>,
    /// for dimensions what follows the kind byte.
    /// </summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>For an accepted event the bytes of <see cref="EventRow.RecipientColumns"/>, else empty.</summary>
    public ReadOnlySpan<byte> Recipient { get; private set; }

    /// <summary>What is wrong with the current record, or null when it is sound.</summary>
    public string? Fault { get; private set; }

    /// <summary>The current record as it came, kind byte first: what a dead letter keeps.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>False, with the reason, where the entry cannot be walked at all: an unknown version, or lengths that do not add up to <paramref name="count"/> records.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> entry, int count, out EntryReader reader, out string? fault)
    {
        reader = default;
        fault = entry.IsEmpty ? "empty entry"
            : entry[0] != EntryWriter.Version ? $"unknown codec version {entry[0]}"
            : entry.Length > EventLimits.EntryBytes ? "entry over the size limit"
            : Measure(entry[1..], count);
        if (fault is not null)
            return false;
        reader = new EntryReader(entry[1..]);
        return true;
    }

    /// <summary>Moves to the next record; false at the end. A faulty record is still moved to: look at <see cref="Fault"/>.</summary>
    public bool TryNext()
    {
        if (_rest.IsEmpty)
            return false;
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        Raw = _rest.Slice(4, length);
        _rest = _rest[(4 + length)..];
        Kind = Raw[0];
        Body = default;
        Recipient = default;
        Fault = length > EventLimits.RecordBytes ? "record over the size limit" : Validate();
        return true;
    }

    private static string? Measure(ReadOnlySpan<byte> rest, int count)
    {
        var seen = 0;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
                return "torn record length";
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            if (length == 0 || length > (uint)(rest.Length - 4))
                return "record length beyond the entry";
            rest = rest[(4 + (int)length)..];
            seen++;
        }

        return seen == count ? null : $"{seen} records where the header says {count}";
    }

    private string? Validate()
    {
        var cursor = new RowCursor(Raw);
        switch (Kind)
        {
            case DimensionKind.Job:
                cursor.Skip(1 + 4 + 8);
                cursor.Time();
                cursor.String();
                cursor.String();
                cursor.String();
                cursor.String();
                cursor.String();
                Body = Raw[1..];
                return cursor.Finish();
            case DimensionKind.Link:
                cursor.Skip(1 + 4 + 8 + 2 + 2);
                cursor.String();
                cursor.String();
                cursor.String();
                Body = Raw[1..];
                return cursor.Finish();
            case DimensionKind.Mail:
                cursor.Skip(1 + 4 + 8 + 2 + 2);
                cursor.Enum(1);
                cursor.String();
                cursor.String();
                cursor.String();
                Body = Raw[1..];
                return cursor.Finish();
            case >= (byte)EventKind.Accepted and <= (byte)EventKind.Complained:
                return ValidateEvent(ref cursor);
            default:
                return $"unknown kind {Kind}";
        }
    }

    private string? ValidateEvent(ref RowCursor cursor)
    {
        cursor.Skip(1);
        cursor.Time();
        cursor.Skip(4 + 8 + 4 + 2 + 2 + 2);
        cursor.Enum((byte)ReaderClass.Scanner);
        cursor.String();
        cursor.Skip(2 + 2);
        cursor.String();
        cursor.BounceClass();
        cursor.String();
        cursor.String();
        cursor.String();
        cursor.String();
        cursor.String();
        cursor.Skip(16);
        cursor.Enum(1);
        Body = Raw[..Math.Min(cursor.Position, Raw.Length)];
        if (Kind == (byte)EventKind.Accepted)
        {
            var start = cursor.Position;
            cursor.String();
            cursor.String();
            cursor.String();
            cursor.Skip(RecipientKey.Size);
            cursor.String();
            var fault = cursor.Finish();
            if (fault is null)
                Recipient = Raw[start..];
            return fault;
        }

        return cursor.Finish();
    }

    /// <summary>Steps over RowBinary values; the first fault sticks.</summary>
    private ref struct RowCursor(ReadOnlySpan<byte> row)
    {
        private readonly ReadOnlySpan<byte> _row = row;
        private string? _fault;

        public int Position { get; private set; }

        public void Skip(int bytes)
        {
            if (_fault is null && _row.Length - Position < bytes)
                _fault = "torn record";
            if (_fault is null)
                Position += bytes;
        }

        public void Time()
        {
            var start = Position;
            Skip(8);
            if (_fault is null && BinaryPrimitives.ReadInt64LittleEndian(_row[start..]) is < EventLimits.MinTimeMs or > EventLimits.MaxTimeMs)
                _fault = "time out of range";
        }

        public void Enum(byte max)
        {
            var start = Position;
            Skip(1);
            if (_fault is null && _row[start] > max)
                _fault = "unknown enum value";
        }

        public void BounceClass()
        {
            var start = Position;
            Skip(1);
            if (_fault is null && !System.Enum.IsDefined((BounceClass)_row[start]))
                _fault = "unknown bounce class";
        }

        public void String()
        {
            uint length = 0;
            for (var shift = 0; ; shift += 7)
            {
                var start = Position;
                Skip(1);
                if (_fault is not null)
                    return;
                if (shift > 21)
                {
                    _fault = "string length out of range";
                    return;
                }

                length |= (uint)(_row[start] & 0x7F) << shift;
                if (_row[start] < 0x80)
                    break;
            }

            var text = Position;
            Skip((int)length);
            if (_fault is null && !Utf8.IsValid(_row.Slice(text, (int)length)))
                _fault = "text is not UTF-8";
        }

        public readonly string? Finish() => _fault ?? (Position == _row.Length ? null : "bytes after the record's end");
    }
}
