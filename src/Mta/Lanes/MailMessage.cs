using System.Buffers;
using System.Diagnostics;
using System.Text;
using Delivery.Mta.Jobs;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Lanes;

/// <summary>A composed message in a lane. Taken from <see cref="MessagePool"/>; goes back there when its outcome is decided.</summary>
internal sealed class MailMessage(MessagePool pool, TailBudget tails, OutcomeRules rules, DepartureRules departure, OutcomeWriter outcomes) : OutgoingMessage
{
    private readonly ArrayBufferWriter<byte> _body = new(8 * 1024);
    private byte[] _to = new byte[256];
    private LoadedJob? _job;
    private SpooledRecipient? _recipient;
    private bool _holdsTail;

    /// <summary>Where the composer writes; start with <see cref="Begin"/>.</summary>
    public IBufferWriter<byte> BodyWriter => _body;

    /// <summary>The job as it runs; null while the message is in nobody's hands.</summary>
    public LiveJob? Live => _recipient?.Live;

    /// <summary>Bytes that the buffer holds on to.</summary>
    public int Capacity => _body.Capacity;

    public override MessageOrigin Origin => new(_job!.Account, _job.Id, _recipient!.Ordinal);

    public void Begin(LoadedJob job, SpooledRecipient recipient)
    {
        BegunAt = 0;
        _job = job;
        _recipient = recipient;
        _body.ResetWrittenCount();
    }

    /// <summary>The body is written: makes the message ready to be handed to a connection.</summary>
    public void Address(string to)
    {
        var length = Encoding.UTF8.GetByteCount(to);
        if (_to.Length < length)
            _to = new byte[length];
        EnvelopeTo = _to.AsMemory(0, Encoding.UTF8.GetBytes(to, _to));
        EnvelopeFrom = _job!.EnvelopeFrom;
        Body = _body.WrittenMemory;
        SharedTail = _job.Content.SharedTail;
    }

    /// <summary>Waits until there is room for what the message shares with others of its job. To be called once, before the lane.</summary>
    public async ValueTask TakeTailAsync(CancellationToken cancellation)
    {
        if (SharedTail.IsEmpty)
            return;
        await tails.TakeAsync(SharedTail, cancellation, urgent: _job!.Transactional).ConfigureAwait(false);
        _holdsTail = true;
    }

    public override bool MayLeave()
    {
        if ((departure.Refusal(_recipient!) ?? departure.Suppressed(_recipient!, _job!.List)) is not { } outcome)
            return true;
        Finish(outcome);
        return false;
    }

    public override void Complete(in DeliveryAttempt attempt)
    {
        var outcome = rules.Decide(_recipient!, new RetryTerms(_job!.StartedMs, _job.Transactional, _job.ExpiresMs), attempt);
        if (BegunAt != 0)
            outcome.Took = Stopwatch.GetElapsedTime(BegunAt);
        Finish(outcome);
    }

    /// <summary>Gives the recipient back untouched: the program stops.</summary>
    public void Return() => Finish(rules.Return(_recipient!));

    private void Finish(AttemptOutcome outcome)
    {
        _recipient = null;
        _job = null;
        if (_holdsTail)
            tails.Return(SharedTail);
        _holdsTail = false;
        Body = default;
        SharedTail = default;
        pool.Return(this);
        outcomes.Add(outcome);
    }
}
