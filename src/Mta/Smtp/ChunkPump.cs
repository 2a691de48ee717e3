namespace Delivery.Mta.Smtp;

/// <summary>
/// The writing half of a <see cref="ChunkedConversation"/>: brings what the window admits to the socket, as much of it in
/// one write as is there, and never waits for a reply.
/// </summary>
internal sealed class ChunkPump(SmtpSession session, ChunkWindow window, TimeProvider time) : IDisposable
{
    /// <summary>The session's own belongs to the half that reads, which runs at the same time.</summary>
    private readonly SmtpDeadline _deadline = new(time);

    private volatile Exception? _failure;

    /// <summary>Why nothing is written any longer.</summary>
    public Exception? Failure => _failure;

    /// <summary>
    /// Writes until nothing is left to write. Never fails: after <see cref="Failure"/> what the peer still has to say can
    /// be read up to the connection's end.
    /// </summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (window.TryWrite(mayRest: !session.Writer.HasBytes, out var flight)) await WriteAsync(flight);
                else if (session.Writer.HasBytes) await FlushAsync(whole: true);
                else return;
            }
        }
        catch (Exception e)
        {
            _failure = e;
            window.Break();
            session.EndReplies();
        }
    }

    public void Dispose() => _deadline.Dispose();

    private async ValueTask WriteAsync(ChunkFlight flight)
    {
        session.WriteChunk(flight);
        await WriteAsync(flight.Body.First);
        await WriteAsync(flight.Body.Second);
        if (flight.Body.EndsOpen) session.Writer.EndLine();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var taken = session.Writer.Octets(octets.Span);
            if (taken == 0) await FlushAsync(whole: false);
            octets = octets[taken..];
        }
    }

    private async ValueTask FlushAsync(bool whole)
    {
        window.Hand(whole);
        var write = session.FlushAsync(_deadline);
        var waits = !write.IsCompleted;
        await write;
        if (waits) _deadline.Rest();
    }
}
