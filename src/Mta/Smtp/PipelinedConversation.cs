using System.Runtime.CompilerServices;

namespace Delivery.Mta.Smtp;

/// <summary>
/// One round trip for each message (RFC 2920): the body's end and the next message's MAIL, RCPT and DATA leave in
/// one write where that message is already there; where it is not, the dot leaves alone and at once.
/// <code>
/// → body k, dot, MAIL RCPT DATA of k+1     ← dot's reply for k, three replies for k+1     → body k+1, dot, …
/// </code>
/// </summary>
internal sealed class PipelinedConversation(SmtpSession session)
{
    /// <summary>MAIL, RCPT and DATA are written, its outcome is open.</summary>
    private OutgoingMessage? _opening;
    private SmtpStage _openingStage;

    /// <summary>Its body is being written or awaits its answer.</summary>
    private OutgoingMessage? _closing;
    private SmtpStage _closingStage;

    private bool _mailIsOpen;
    private bool _resetIsDue;

    /// <summary>
    /// Returns when the source ends; throws <see cref="SmtpConnectionException"/> when the connection is dead.
    /// Every message taken has been completed either way.
    /// </summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (_opening is null && !await OpenFirstAsync()) return;
                var goAhead = await ReadOpeningAsync();
                session.EnsureInStep();
                if (goAhead) await WriteBodyAsync();

                if (session.Messages.TryTake(out _opening)) WriteOpening();
                if (_closing is not null) _closingStage = SmtpStage.Final;
                if (session.Writer.HasBytes) await session.FlushAsync();
                if (goAhead) await ReadClosingAsync();
            }
        }
        catch (Exception e)
        {
            var loss = session.ToLoss(e);
            if (Take(ref _closing) is { } closing)
            {
                if (await session.TryReadLastWordsAsync(e)) session.Finish(closing, SmtpStage.Final);
                else session.GiveBack(closing, loss, _closingStage);
            }
            if (Take(ref _opening) is { } opening) session.GiveBack(opening, loss, _openingStage);
            throw loss;
        }
    }

    private async ValueTask<bool> OpenFirstAsync()
    {
        _openingStage = SmtpStage.None;
        _opening = await session.Messages.TakeAsync();
        if (_opening is null) return false;
        session.EnsureStillThere();
        WriteOpening();
        await session.FlushAsync();
        return true;
    }

    private void WriteOpening()
    {
        _openingStage = SmtpStage.None;
        if (_mailIsOpen) session.Writer.Rset();
        _resetIsDue = _mailIsOpen;
        session.WriteMail(_opening!);
        session.Writer.Rcpt(_opening!);
        session.Writer.Data();
        _openingStage = SmtpStage.Mail;
    }

    /// <summary>
    /// Reads what MAIL, RCPT and DATA were answered. True when a body is due: the message's own, or none at all
    /// where the peer says 354 for a message that it has refused.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadOpeningAsync()
    {
        if (_resetIsDue) await session.ReadResetAsync();

        _mailIsOpen = await session.ReadAsync(SmtpStage.Mail) / 100 == 2;
        if (!_mailIsOpen) FinishOpening(SmtpStage.Mail);

        _openingStage = SmtpStage.Rcpt;
        if (await session.ReadAsync(SmtpStage.Rcpt) / 100 != 2) FinishOpening(SmtpStage.Rcpt);

        _openingStage = SmtpStage.Data;
        var data = await session.ReadAsync(SmtpStage.Data);
        if (data / 100 == 3) return true;
        FinishOpening(SmtpStage.Data);
        if (data / 100 == 2) throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer answered DATA with 2yz");
        return false;
    }

    /// <summary>The first refusal decides; those that follow from it are not told.</summary>
    private void FinishOpening(SmtpStage stage)
    {
        if (Take(ref _opening) is { } message) session.Finish(message, stage);
    }

    private ValueTask WriteBodyAsync()
    {
        _mailIsOpen = false;
        _closing = Take(ref _opening);
        _closingStage = SmtpStage.Body;
        if (_closing is not null) return session.WriteBodyAsync(_closing);
        session.Writer.LoneDot();
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadClosingAsync()
    {
        var code = await session.ReadAsync(SmtpStage.Final);
        if (Take(ref _closing) is { } message) session.Finish(message, SmtpStage.Final);
        if (code == 421) throw session.Closing();
    }

    private static OutgoingMessage? Take(ref OutgoingMessage? message)
    {
        var taken = message;
        message = null;
        return taken;
    }
}
