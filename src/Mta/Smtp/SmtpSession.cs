using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Delivery.Mta.Smtp;

/// <summary>
/// A greeted connection as its conversation sees it: send, read, and tell messages what became of them.
/// Not thread-safe.
/// </summary>
internal sealed class SmtpSession(
    Socket socket, Stream stream, SmtpReplyReader reader, SmtpWriter writer, SmtpDeadline deadline, SmtpOptions options,
    TimeProvider time, SmtpCapabilities peer, SmtpMessageSource messages, string host, Action? onFirstFinished)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public SmtpWriter Writer => writer;

    /// <summary>Null where nobody watches.</summary>
    public SessionWatch? Watch { get; init; }

    public SmtpMessageSource Messages => messages;

    /// <summary>Messages whose outcome the peer decided.</summary>
    public int Finished { get; private set; }

    /// <summary>
    /// A message that waited for is not given to a peer that has spoken or hung up meanwhile. What it said (421, as
    /// a rule) was no answer to a command of ours.
    /// </summary>
    public void EnsureStillThere()
    {
        if (reader.HasSurplus || socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            throw new SmtpConnectionException(SmtpLoss.Idle, "the peer ended the idle connection");
    }

    /// <summary>Every reply that was due has been read; one more would be taken for the answer to the next command.</summary>
    public void EnsureInStep()
    {
        if (reader.HasSurplus) throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer sent a reply that nobody asked for");
    }

    public void WriteMail(OutgoingMessage message)
    {
        deadline.StartTransaction(options.TransactionTimeout);
        Watch?.Begin(message);
        writer.Mail(message, peer);
    }

    public ValueTask WriteBodyAsync(OutgoingMessage message)
    {
        Watch?.SentBody(message);
        return writer.BodyAsync(message, stream, deadline, options.BodyTimeout);
    }

    /// <summary>
    /// The commands of a transaction that ends in BDAT; its octets come next. RSET leads, for nobody knows yet whether the one
    /// before is refused, and a refused BDAT may leave its MAIL open.
    /// </summary>
    public void WriteChunk(in ChunkFlight flight)
    {
        Watch?.Begin(flight.Message);
        writer.Rset();
        writer.Mail(flight.Message, peer);
        writer.Rcpt(flight.Message);
        writer.Bdat(flight.Body.Length);
    }

    public ValueTask FlushAsync()
    {
        Watch?.Flushed();
        return writer.FlushAsync(stream, deadline, options.BodyTimeout);
    }

    /// <summary>For a conversation that reads meanwhile.</summary>
    public ValueTask FlushAsync(SmtpDeadline writing) => writer.FlushAsync(stream, writing, options.BodyTimeout);

    /// <summary>From now on the replies to a transaction are read that began then, a timestamp of the time provider.</summary>
    public void StartAnswers(long since)
    {
        var passed = time.GetElapsedTime(since);
        Watch?.Flushed(passed);
        deadline.StartTransaction(options.TransactionTimeout - passed);
    }

    /// <summary>The code of the reply to a stage's command. 421 ends the session by an exception, except to the final dot.</summary>
    /// <param name="isWritten">False while the command or what belongs to it is still being written: only the transaction's end then counts.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ushort> ReadAsync(SmtpStage stage, bool isWritten = true)
    {
        var code = await reader.ReadAsync(stream, deadline, stage switch
        {
            _ when !isWritten => options.TransactionTimeout,
            SmtpStage.Rcpt => options.RcptTimeout,
            SmtpStage.Data => options.DataTimeout,
            SmtpStage.Final => options.FinalReplyTimeout,
            _ => options.MailTimeout,
        });
        if (Watch is { } watch && watch.Answered(stage)) watch.Received(reader.TakeReply());
        if (code == 421 && stage != SmtpStage.Final) throw Closing();
        return code;
    }

    /// <summary>Reads the reply to RSET. A peer that refuses even that is not understood any longer.</summary>
    public async ValueTask ReadResetAsync()
    {
        if (await ReadAsync(SmtpStage.None) / 100 != 2)
            throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer refused RSET");
    }

    /// <summary>Completes the message with the reply that was read last.</summary>
    public void Finish(OutgoingMessage message, SmtpStage stage) => Finish(message, Judge(stage));

    /// <summary>What the reply that was read last means for its message.</summary>
    public DeliveryAttempt Judge(SmtpStage stage) => ReplyOutcome.Of(reader.TakeReply(), stage, host);

    public void Finish(OutgoingMessage message, in DeliveryAttempt attempt)
    {
        if (!attempt.Reply.IsClosing && Finished++ == 0) onFirstFinished?.Invoke();
        Watch?.Ended(message, attempt);
        message.Complete(attempt);
    }

    /// <summary>
    /// A peer that will not have a body may say so and hang up without reading it to its end: our write fails, and
    /// its refusal lies unread. True when there is one to finish the message with.
    /// </summary>
    public async ValueTask<bool> TryReadLastWordsAsync(Exception failure)
    {
        if (failure is not (IOException or OperationCanceledException) || deadline.IsStopping) return false;
        using var last = new SmtpDeadline(time);
        try
        {
            return await reader.ReadAsync(stream, last, LastWords) / 100 is 4 or 5;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SmtpConnectionException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Wakes whoever reads after a write has failed: what has come can still be read, and then the end.</summary>
    public void EndReplies()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Closes the connection at once; what the socket has not sent yet, the peer does not get.</summary>
    public void Abort()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        socket.Dispose();
    }

    /// <summary>Ends the session with the reply that was read last.</summary>
    public SmtpConnectionException Closing() =>
        new(SmtpLoss.Refused, "the peer ended the session") { Reply = reader.TakeReply() };

    /// <summary>Gives a message back that a dead connection left without an answer.</summary>
    public void GiveBack(OutgoingMessage message, SmtpConnectionException cause, SmtpStage stage)
    {
        var reply = cause.Reply.Code != 0 ? cause.Reply : SmtpReply.None(cause.Message);
        var attempt = new DeliveryAttempt(AttemptResult.ConnectionLost, FailureScope.Session, reply, host, stage == SmtpStage.Final, stage);
        Watch?.Ended(message, attempt);
        message.Complete(attempt);
    }

    /// <summary>What a failed read or write says about the connection.</summary>
    public SmtpConnectionException ToLoss(Exception exception) => exception switch
    {
        SmtpConnectionException known => known,
        OperationCanceledException when deadline.IsStopping => new(SmtpLoss.Stopped, "stopped before the transaction was finished", exception),
        OperationCanceledException => new(SmtpLoss.TimedOut, "timed out waiting for the peer", exception),
        IOException or SocketException => new(SmtpLoss.Broken, "the connection broke", exception),
        _ => new(SmtpLoss.Broken, "the connection failed: " + exception.GetType().Name, exception),
    };
}
