using System.Globalization;
using System.Runtime.CompilerServices;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Several messages in flight (RFC 3030): whole transactions leave one behind another, written while replies are read, and
/// the replies are matched strictly in order.
/// <code>
/// → RSET MAIL RCPT BDAT n LAST, n octets   of k, of k+1, of k+2, …     ← four replies for k, for k+1, …
/// </code>
/// For a peer that <see cref="ChunkProbe"/> found to read the octets of a BDAT that it refuses.
/// </summary>
internal sealed class ChunkedConversation(SmtpSession session, SmtpOptions options, TimeProvider time)
{
    private readonly ChunkWindow _window = new(options.ChunkingMaxInFlight, options.ChunkingWindowBytes);
    private ReadOnlyMemory<byte> _cleanTail;
    private Task _pumping = Task.CompletedTask;

    /// <summary>Taken, and not yet admitted to the window.</summary>
    private OutgoingMessage? _next;
    private ChunkBody _nextBody;

    /// <summary>What the head's replies have decided so far: the first refusal, or what BDAT was answered.</summary>
    private DeliveryAttempt? _verdict;

    /// <summary>BDAT of the head was answered by what says that its octets were not taken.</summary>
    private bool _headWasNotTaken;

    /// <summary>Keeps the promise of <see cref="PipelinedConversation.RunAsync"/>.</summary>
    public async Task RunAsync()
    {
        using var pump = new ChunkPump(session, _window, time);
        try
        {
            while (true)
            {
                if (_window.IsEmpty)
                {
                    session.EnsureInStep();
                    Admit(pump);
                }
                if (!_window.IsEmpty) await AnswerHeadAsync(pump);
                else if (pump.Failure is { } failure) throw session.ToLoss(failure);
                else if (!await TakeFirstAsync())
                {
                    // After an early answer the socket may still be taking the last octets.
                    await _pumping;
                    return;
                }
            }
        }
        catch (Exception e)
        {
            var loss = session.ToLoss(e is SmtpConnectionException { Loss: not SmtpLoss.Broken } ? e : pump.Failure ?? e);
            session.Abort();
            await _pumping;
            GiveAllBack(loss);
            throw loss;
        }
    }

    /// <summary>Fills the window from what is there; then starts the pump where it rests, so that all of it can leave in one write.</summary>
    private void Admit(ChunkPump pump)
    {
        var start = false;
        while (TryAdmit(ref start))
        {
        }
        if (start) _pumping = pump.RunAsync();
    }

    private bool TryAdmit(ref bool start)
    {
        if (!_window.HasPlace) return false;
        // It may have waited for room: what was decided about it meanwhile holds.
        if (_next?.MayLeave() == false) (_next, _nextBody) = (null, default);
        if (_next is null && session.Messages.TryTake(out _next)) _nextBody = ChunkBody.Of(_next, ref _cleanTail);
        if (_next is null || !_window.TryAdmit(new ChunkFlight(_next, _nextBody, time.GetTimestamp()), out var isFirst)) return false;
        start |= isFirst;
        (_next, _nextBody) = (null, default);
        return true;
    }

    private async ValueTask<bool> TakeFirstAsync()
    {
        _next = await session.Messages.TakeAsync();
        if (_next is null) return false;
        session.EnsureStillThere();
        session.StartAnswers(time.GetTimestamp());
        _nextBody = ChunkBody.Of(_next, ref _cleanTail);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerHeadAsync(ChunkPump pump)
    {
        session.StartAnswers(_window.Head.Since);
        await ReadAsync(pump, SmtpStage.None);
        await ReadAsync(pump, SmtpStage.Mail);
        await ReadAsync(pump, SmtpStage.Rcpt);
        var final = await ReadAsync(pump, SmtpStage.Final);
        await _window.HeadHandedAsync();
        if (_window.Stage() != SmtpStage.Final) throw session.ToLoss(pump.Failure!);
        FinishHead();
        if (final == 421) throw session.Closing();
    }

    /// <summary>Reads the reply to one command of the head. The first refusal decides; those that follow from it are not told.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ushort> ReadAsync(ChunkPump pump, SmtpStage stage)
    {
        var reading = session.ReadAsync(stage, _window.Stage() >= (stage == SmtpStage.Final ? stage : SmtpStage.Body));
        if (!reading.IsCompleted) Admit(pump);
        var code = await reading;
        if (_window.Stage() == SmtpStage.None) throw new SmtpConnectionException(SmtpLoss.Unfit, "the peer sent a reply that nobody asked for");
        if (!ChunkReply.Fits(code, stage, refused: _verdict is not null))
        {
            _headWasNotTaken = stage == SmtpStage.Final && code / 100 == 5;
            throw new SmtpConnectionException(SmtpLoss.Unfit, string.Create(
                CultureInfo.InvariantCulture, $"the peer answered {Command(stage)} with {code}{(_verdict is null ? "" : " after a refusal")}"));
        }
        if (stage == SmtpStage.Final && code / 100 == 2 && _window.Stage() != SmtpStage.Final)
            throw new SmtpConnectionException(SmtpLoss.Unfit, "the peer took a message before it had it all");
        if (stage == SmtpStage.Final || code / 100 != 2) _verdict ??= session.Judge(stage);
        return code;
    }

    private void FinishHead()
    {
        var message = _window.Head.Message;
        var verdict = _verdict!.Value;
        _window.RemoveHead();
        _verdict = null;
        session.Finish(message, verdict);
    }

    /// <summary>
    /// Whose body the peer may have wholly is uncertain. But a peer that says 421 reads no further (RFC 5321 section
    /// 3.8), and one that does not know BDAT has taken nothing by it.
    /// </summary>
    private void GiveAllBack(SmtpConnectionException loss)
    {
        if (_verdict is not null) FinishHead();
        while (!_window.IsEmpty)
        {
            var message = _window.Head.Message;
            var stage = _window.Stage();
            if (_headWasNotTaken) stage = SmtpStage.Data;
            else if (loss.Loss == SmtpLoss.Refused && stage != SmtpStage.None) stage = SmtpStage.Mail;
            _headWasNotTaken = false;
            _window.RemoveHead();
            session.GiveBack(message, loss, stage);
        }
        if (_next is not null) session.GiveBack(_next, loss, SmtpStage.None);
    }

    private static string Command(SmtpStage stage) => stage switch
    {
        SmtpStage.None => "RSET",
        SmtpStage.Mail => "MAIL",
        SmtpStage.Rcpt => "RCPT",
        _ => "BDAT",
    };
}
