using Delivery.Contracts;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Writes the signed URLs of one message and counts how often each position was rendered. Owned by one worker and
/// begun anew for each message and each of its parts.
/// </summary>
internal sealed class LinkWriter(TrackingTokens tokens)
{
    private readonly TokenSigner _signer = tokens.CreateSigner();
    private readonly SignedLinks _signed = new();
    private readonly ByteBuffer _url = new(512);
    private ushort[] _turns = new ushort[16];
    private TrackerUrls? _urls;
    private TrackingSubject _subject;

    /// <summary>Set while a message is composed for people to look at.</summary>
    public RenderTrace? Trace { get; set; }

    public void BeginMessage(TrackerUrls urls, in TrackingSubject subject)
    {
        _urls = urls;
        _subject = subject;
        _signed.Clear();
    }

    /// <param name="positions">The highest position of the content.</param>
    public void BeginPart(int positions, MessagePart part)
    {
        Trace?.BeginPart(part);
        if (_turns.Length <= positions)
            _turns = new ushort[positions + 1];
        else
            Array.Clear(_turns, 0, positions + 1);
        _signed.Rewind();
    }

    /// <summary>Keeps the destination for <see cref="WriteLastRead"/>.</summary>
    public LinkTarget Read(ReadOnlySpan<byte> rendered, UtmTags? tags)
    {
        var target = DestinationUrl.Read(rendered, _url);
        if (target == LinkTarget.Web)
            tags?.AddTo(_url);
        return target;
    }

    /// <summary>The destination itself, in HTML with its two special characters escaped.</summary>
    public void WriteLastReadPlain(ByteBuffer output, bool html) => PlainUrl.Write(_url.Written, html, output);

    /// <summary>The destination that was read last; holds until the next read.</summary>
    public ReadOnlySpan<byte> LastRead => _url.Written;

    public void WriteLastRead(ByteBuffer output, ushort link, ushort position) => Write(output, link, position, _url.Written);

    public void Write(ByteBuffer output, ushort link, ushort position, ReadOnlySpan<byte> destination)
    {
        ref var turn = ref _turns[position];
        var place = new LinkPlace(link, position, turn);
        if (turn < ushort.MaxValue)
            turn++;
        output.Write(_urls!.Click);
        if (_signed.TryTake(place, destination, out var known))
        {
            output.Write(known);
            return;
        }
        var room = output.GetSpan(TrackingTokens.MaxLength);
        var length = tokens.WriteClick(_subject, place, destination, room, _signer);
        _signed.Add(place, destination, room[..length]);
        output.Advance(length);
    }

    public void WriteOpen(ByteBuffer output)
    {
        output.Write(_urls!.Open);
        output.Advance(tokens.WriteOpen(_subject, output.GetSpan(TrackingTokens.MaxLength), _signer));
    }

    /// <summary>The link that no person can see: recognized by its position alone.</summary>
    public void WriteScannerLink(ByteBuffer output)
    {
        output.Write(_urls!.Click);
        var place = new LinkPlace(0, LinkPlace.ScannerPosition, 0);
        output.Advance(tokens.WriteClick(_subject, place, _urls.Root, output.GetSpan(TrackingTokens.MaxLength), _signer));
    }

    public void WriteUnsubscribe(ByteBuffer output, in RecipientKey key, uint list, MailLanguage language)
    {
        output.Write(_urls!.Unsubscribe);
        if (Trace is not null)
        {
            output.Write(RenderTrace.NoToken);
            return;
        }

        output.Advance(tokens.WriteUnsubscribe(_subject, key, list, output.GetSpan(TrackingTokens.MaxLength), _signer, language));
    }
}
