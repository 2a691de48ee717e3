namespace Delivery.Aggregator.Streams;

/// <summary>Takes the answer to <c>XRANGE</c> apart: an array of pairs, each an id and an array of names and values.</summary>
internal static class RespEntries
{
    /// <summary>Adds the entries, whose records point into <paramref name="answer"/>.</summary>
    /// <exception cref="RespException">The answer is an error.</exception>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static void Read(ReadOnlyMemory<byte> answer, List<StreamEntry> page)
    {
        RespAnswer.Demand(answer.Span);
        var at = 0;
        var entries = Header(answer.Span, ref at, (byte)'*');
        page.EnsureCapacity((int)entries);
        for (var i = 0L; i < entries; i++)
        {
            if (Header(answer.Span, ref at, (byte)'*') != 2)
                throw RespAnswer.Unknown();
            var (milliseconds, sequence) = StreamId.Parse(Bytes(answer, ref at).Span);
            var header = default(EntryHeader);
            for (var fields = Header(answer.Span, ref at, (byte)'*'); fields > 1; fields -= 2)
                header.Take(Bytes(answer, ref at).Span, Bytes(answer, ref at));
            page.Add(header.ToEntry(milliseconds, sequence));
        }
    }

    private static ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte> answer, ref int at)
    {
        var length = (int)Header(answer.Span, ref at, (byte)'$');
        var value = answer.Slice(at, length);
        at += length + 2;
        return value;
    }

    private static long Header(ReadOnlySpan<byte> answer, ref int at, byte kind)
    {
        var rest = answer[at..];
        if (rest.IsEmpty || rest[0] != kind)
            throw RespAnswer.Unknown();
        var value = 0L;
        var digits = 1;
        for (; rest[digits] != '\r'; digits++)
            value = rest[digits] is >= (byte)'0' and <= (byte)'9' ? (value * 10) + (rest[digits] - '0') : throw RespAnswer.Unknown();
        at += digits + 2;
        return value;
    }
}
