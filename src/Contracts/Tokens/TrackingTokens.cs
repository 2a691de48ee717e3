using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Contracts.Tokens;

/// <summary>
/// Signs and verifies what stands behind <c>/o/</c>, <c>/c/</c> and <c>/u/</c>: everything an answer needs, so that it needs no database.
/// <para>
/// Bytes: <c>key id, purpose, account:varint, job:u64le, recipient:varint, sent:u32le</c>, then for a click
/// <c>link, position, loop index:varint</c> and the destination in UTF-8, for an unsubscribe <c>recipient key:16, list:varint</c>
/// and, where the mail's language is known, <c>language:u8</c>, then 12 bytes of HMAC-SHA-256 over all before. Written as base64url without padding, in its one canonical form:
/// any other spelling of the same bytes is refused.
/// </para>
/// Thread-safe. Reading a forged token takes the same path as reading a true one and allocates nothing.
/// </summary>
public sealed class TrackingTokens(KeyRing keys)
{
    /// <summary>Longest destination that a click token carries, in bytes.</summary>
    public const int MaxUrlBytes = 2_000;

    /// <summary>Longest token, in characters: what a buffer for any Write method must hold.</summary>
    public const int MaxLength = (MaxBytes + 2) / 3 * 4;

    private const int MacBytes = 12;
    private const int MaxBytes = 64 + MaxUrlBytes + MacBytes;
    private const int NoKeyId = 256;
    private static readonly byte[] NoKey = new byte[32];

    /// <summary>This thread's keyed hashes of the ring that it verified with last, by key id: to key one costs more than to hash a token.</summary>
    [ThreadStatic]
    private static (KeyRing? Of, TokenSigner?[] ById) _verifiers;

    /// <summary>A signer with these keys, for one worker to write many tokens with.</summary>
    public TokenSigner CreateSigner() => new(keys.TrackingSecret(keys.Current)!);

    /// <summary>Writes ASCII into <paramref name="destination"/> and returns its length.</summary>
    /// <param name="signer">From <see cref="CreateSigner"/>: signs the same in less than half the time. It is not thread-safe.</param>
    public int WriteOpen(in TrackingSubject subject, Span<byte> destination, TokenSigner? signer = null)
    {
        var token = new TokenBuffer(stackalloc byte[MaxBytes]);
        Begin(ref token, TokenPurpose.Open, subject);
        return Finish(ref token, destination, signer);
    }

    /// <param name="url">Absolute http or https URL, at most <see cref="MaxUrlBytes"/> bytes, without control characters.</param>
    /// <exception cref="ArgumentException">The URL is not such a one (see <see cref="IsTrackable"/>).</exception>
    /// <inheritdoc cref="WriteOpen"/>
    public int WriteClick(in TrackingSubject subject, in LinkPlace place, ReadOnlySpan<byte> url, Span<byte> destination, TokenSigner? signer = null)
    {
        if (!IsTrackable(url))
            throw new ArgumentException("The destination is not an http or https URL within the limits.", nameof(url));
        var token = new TokenBuffer(stackalloc byte[MaxBytes]);
        Begin(ref token, TokenPurpose.Click, subject);
        token.Varint(place.Link);
        token.Varint(place.Position);
        token.Varint(place.LoopIndex);
        token.Bytes(url);
        return Finish(ref token, destination, signer);
    }

    /// <inheritdoc cref="WriteOpen"/>
    public int WriteUnsubscribe(
        in TrackingSubject subject, in RecipientKey key, uint list, Span<byte> destination, TokenSigner? signer = null, MailLanguage language = MailLanguage.Unknown)
    {
        var token = new TokenBuffer(stackalloc byte[MaxBytes]);
        Begin(ref token, TokenPurpose.Unsubscribe, subject);
        Span<byte> bytes = stackalloc byte[RecipientKey.Size];
        key.CopyTo(bytes);
        token.Bytes(bytes);
        token.Varint(list);
        if (language != MailLanguage.Unknown)
            token.Byte((byte)language);
        return Finish(ref token, destination, signer);
    }

    public bool TryReadOpen(ReadOnlySpan<char> token, out TrackingSubject subject)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        subject = default;
        if (!TryVerify(token, bytes, TokenPurpose.Open, out var length))
            return false;
        var reader = new TokenCursor(bytes[2..length]);
        subject = reader.Subject();
        return reader.AtEnd;
    }

    public bool TryReadClick(ReadOnlySpan<char> token, out ClickToken click)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        click = default;
        if (!TryVerify(token, bytes, TokenPurpose.Click, out var length))
            return false;
        var reader = new TokenCursor(bytes[2..length]);
        var subject = reader.Subject();
        var place = new LinkPlace(reader.UInt16(), reader.UInt16(), reader.UInt16());
        var url = reader.Rest();
        if (!reader.AtEnd || !IsTrackable(url))
            return false;
        click = new ClickToken(subject, place, Encoding.UTF8.GetString(url));
        return true;
    }

    public bool TryReadUnsubscribe(ReadOnlySpan<char> token, out UnsubscribeToken unsubscribe)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        unsubscribe = default;
        if (!TryVerify(token, bytes, TokenPurpose.Unsubscribe, out var length))
            return false;
        var reader = new TokenCursor(bytes[2..length]);
        var subject = reader.Subject();
        var key = reader.Key();
        var list = reader.Varint(uint.MaxValue);
        var language = reader.OptionalByte();
        if (!reader.AtEnd)
            return false;
        unsubscribe = new UnsubscribeToken(subject, key, (uint)list, (MailLanguage)language);
        return true;
    }

    /// <summary>True for what may stand in a click token: <c>http://</c> or <c>https://</c> (any case), a host, no control characters or spaces, at most <see cref="MaxUrlBytes"/> bytes.</summary>
    public static bool IsTrackable(ReadOnlySpan<byte> url)
    {
        if (url.Length > MaxUrlBytes || url.ContainsAnyInRange((byte)0, (byte)0x20) || url.Contains((byte)0x7F) || url.Contains((byte)'\\'))
            return false;
        var prefix = StartsWith(url, "https://"u8) ? 8 : StartsWith(url, "http://"u8) ? 7 : 0;
        return prefix != 0 && url.Length > prefix && url[prefix] is not ((byte)'/' or (byte)'?' or (byte)'#' or (byte)':' or (byte)'@');
    }

    private static bool StartsWith(ReadOnlySpan<byte> url, ReadOnlySpan<byte> prefix) =>
        url.Length >= prefix.Length && Ascii.EqualsIgnoreCase(url[..prefix.Length], prefix);

    private void Begin(ref TokenBuffer token, TokenPurpose purpose, in TrackingSubject subject)
    {
        token.Byte(keys.Current);
        token.Byte((byte)purpose);
        token.Varint(subject.Account);
        token.UInt64(subject.Job);
        token.Varint(subject.Recipient);
        token.UInt32(subject.SentAt);
    }

    private int Finish(ref TokenBuffer token, Span<byte> destination, TokenSigner? signer)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signer is null)
            HMACSHA256.HashData(keys.TrackingSecret(keys.Current)!, token.Written, mac);
        else
            signer.Sign(token.Written, mac);
        token.Bytes(mac[..MacBytes]);
        return Base64Url.EncodeToUtf8(token.Written, destination);
    }

    private bool TryVerify(ReadOnlySpan<char> token, Span<byte> bytes, TokenPurpose purpose, out int length)
    {
        length = 0;
        if (token.Length is < (2 + MacBytes) * 4 / 3 or > MaxLength || token.ContainsAny('=', ' ', '\t') || token.ContainsAny('\r', '\n'))
            return false;
        if (Base64Url.DecodeFromChars(token, bytes, out var consumed, out var written) != System.Buffers.OperationStatus.Done || consumed != token.Length)
            return false;
        if (written < 2 + MacBytes)
            return false;
        var signed = bytes[..(written - MacBytes)];
        var secret = keys.TrackingSecret(bytes[0]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Verifier(secret is null ? NoKeyId : bytes[0], secret ?? NoKey).Sign(signed, mac);
        var genuine = CryptographicOperations.FixedTimeEquals(mac[..MacBytes], bytes.Slice(signed.Length, MacBytes));
        length = signed.Length;
        return genuine && secret is not null && bytes[1] == (byte)purpose && IsCanonical(token, bytes[..written]);
    }

    private TokenSigner Verifier(int id, byte[] secret)
    {
        if (!ReferenceEquals(_verifiers.Of, keys))
            _verifiers = (keys, new TokenSigner?[NoKeyId + 1]);
        return _verifiers.ById[id] ??= new TokenSigner(secret);
    }

    private static bool IsCanonical(ReadOnlySpan<char> token, ReadOnlySpan<byte> bytes)
    {
        Span<char> again = stackalloc char[MaxLength];
        return Base64Url.TryEncodeToChars(bytes, again, out var written) && token.SequenceEqual(again[..written]);
    }

    private ref struct TokenBuffer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Byte(byte value) => _buffer[_length++] = value;

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer[_length..], value);
            _length += 4;
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer[_length..], value);
            _length += 8;
        }

        public void Bytes(scoped ReadOnlySpan<byte> value)
        {
            value.CopyTo(_buffer[_length..]);
            _length += value.Length;
        }

        public void Varint(uint value)
        {
            for (; value >= 0x80; value >>= 7)
                Byte((byte)(value | 0x80));
            Byte((byte)value);
        }
    }

    /// <summary>Reads a verified token; anything out of range ends with <see cref="AtEnd"/> false.</summary>
    private ref struct TokenCursor(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;
        private bool _torn;

        public readonly bool AtEnd => !_torn && _rest.IsEmpty;

        public TrackingSubject Subject()
        {
            var account = (uint)Varint(uint.MaxValue);
            var job = Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
            var recipient = (uint)Varint(uint.MaxValue);
            var sent = Take(4) is { IsEmpty: false } time ? BinaryPrimitives.ReadUInt32LittleEndian(time) : 0;
            return new TrackingSubject(account, job, recipient, sent);
        }

        public ushort UInt16() => (ushort)Varint(ushort.MaxValue);

        public RecipientKey Key() => Take(RecipientKey.Size) is { IsEmpty: false } bytes ? RecipientKey.Read(bytes) : default;

        /// <summary>0 where nothing is left.</summary>
        public byte OptionalByte() => !_torn && !_rest.IsEmpty ? Take(1)[0] : (byte)0;

        public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

        public ulong Varint(ulong max)
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = Take(1);
                if (next.IsEmpty)
                    return 0;
                value |= (ulong)(next[0] & 0x7F) << shift;
                if (next[0] < 0x80)
                {
                    _torn |= value > max;
                    return value;
                }
            }

            _torn = true;
            return 0;
        }

        private ReadOnlySpan<byte> Take(int bytes)
        {
            if (_torn || _rest.Length < bytes)
            {
                _torn = true;
                return default;
            }

            var taken = _rest[..bytes];
            _rest = _rest[bytes..];
            return taken;
        }
    }
}
