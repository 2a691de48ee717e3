namespace Delivery.Mta.Smtp;

/// <summary>
/// The octets that follow BDAT: the message as it is, with no dot doubled. Where the message breaks the rule of
/// <see cref="LineEnds"/> (ours do not) they are a copy that keeps it; a last line that is open is ended, so that a
/// peer stores the same bytes as after DATA.
/// </summary>
/// <param name="First">The message up to its shared tail.</param>
/// <param name="Second">The shared tail.</param>
/// <param name="EndsOpen">CRLF follows both.</param>
internal readonly record struct ChunkBody(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second, bool EndsOpen)
{
    /// <summary>The chunk-size of BDAT.</summary>
    public long Length => (long)First.Length + Second.Length + (EndsOpen ? 2 : 0);

    /// <param name="cleanTail">The tail that was found clean the last time: a job's attachments are looked at once.</param>
    public static ChunkBody Of(OutgoingMessage message, ref ReadOnlyMemory<byte> cleanTail)
    {
        var first = message.Body;
        var second = message.SharedTail;
        if (!second.IsEmpty && !second.Equals(cleanTail) && LineEnds.AreClean(second.Span)) cleanTail = second;
        if (!LineEnds.AreClean(first.Span) || (!second.IsEmpty && !second.Equals(cleanTail)))
        {
            var whole = new byte[message.Length];
            first.CopyTo(whole);
            second.CopyTo(whole.AsMemory(first.Length));
            (first, second) = (LineEnds.Clean(whole), default);
        }
        var last = second.IsEmpty ? first.Span : second.Span;
        return new ChunkBody(first, second, !last.IsEmpty && last[^1] != (byte)'\n');
    }
}
