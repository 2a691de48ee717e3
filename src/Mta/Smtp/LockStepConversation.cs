namespace Delivery.Mta.Smtp;

/// <summary>One command, one reply: for a peer without PIPELINING.</summary>
internal sealed class LockStepConversation(SmtpSession session)
{
    private OutgoingMessage? _message;
    private SmtpStage _stage;

    /// <summary>Keeps the promise of <see cref="PipelinedConversation.RunAsync"/>.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _stage = SmtpStage.None;
                if (!session.Messages.TryTake(out _message))
                {
                    _message = await session.Messages.TakeAsync();
                    if (_message is null) return;
                    session.EnsureStillThere();
                }
                await SendAsync(_message);
            }
        }
        catch (Exception e)
        {
            var loss = session.ToLoss(e);
            if (_message is { } message)
            {
                if (_stage >= SmtpStage.Body && await session.TryReadLastWordsAsync(e)) session.Finish(message, SmtpStage.Final);
                else session.GiveBack(message, loss, _stage);
            }
            throw loss;
        }
    }

    private async ValueTask SendAsync(OutgoingMessage message)
    {
        session.WriteMail(message);
        if (await AskAsync(SmtpStage.Mail) / 100 != 2)
        {
            Finish();
            return;
        }

        session.Writer.Rcpt(message);
        if (await AskAsync(SmtpStage.Rcpt) / 100 != 2)
        {
            Finish();
            await ResetAsync();
            return;
        }

        session.Writer.Data();
        var data = await AskAsync(SmtpStage.Data);
        if (data / 100 != 3)
        {
            Finish();
            if (data / 100 == 2) throw new SmtpConnectionException(SmtpLoss.Malformed, "the peer answered DATA with 2yz");
            await ResetAsync();
            return;
        }

        _stage = SmtpStage.Body;
        await session.WriteBodyAsync(message);
        var final = await AskAsync(SmtpStage.Final);
        Finish();
        if (final == 421) throw session.Closing();
    }

    private async ValueTask<ushort> AskAsync(SmtpStage stage)
    {
        _stage = stage;
        session.EnsureInStep();
        await session.FlushAsync();
        return await session.ReadAsync(stage);
    }

    private async ValueTask ResetAsync()
    {
        session.Writer.Rset();
        session.EnsureInStep();
        await session.FlushAsync();
        await session.ReadResetAsync();
    }

    private void Finish()
    {
        var message = _message!;
        _message = null;
        session.Finish(message, _stage);
    }
}
