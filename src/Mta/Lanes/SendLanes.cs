using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Lanes;

/// <summary>The queues between the steps: claimed recipients on their way to the composers, by class, and messages on their way to the wire. Thread-safe.</summary>
internal sealed class SendLanes : IDisposable
{
    /// <summary>Messages that wait for which one more connection is opened while none is idle: fewer than those for which one is woken, since a small job that is far from its relay should not begin on one alone.</summary>
    public const int OpenFor = 4;

    /// <summary>
    /// Bulk messages for which one more connection is woken. One that finds the next message there says the end of a body and the next commands in one
    /// write and has both answered in one; one woken for each costs twice the system calls and three times the switches of context.
    /// </summary>
    private const int WireGather = 16;

    /// <summary>Composed bulk messages that wait for a connection.</summary>
    private const int WireDepth = 256;

    private readonly Lane<SpooledRecipient> _bulk;
    private readonly Lane<SpooledRecipient> _urgent;
    private readonly DepartureRules _rules;
    private readonly OutcomeWriter _outcomes;

    public SendLanes(InFlight inFlight, DepartureRules rules, OutcomeWriter outcomes)
    {
        _rules = rules;
        _outcomes = outcomes;
        _bulk = new Lane<SpooledRecipient>(inFlight.Bulk.Capacity, inFlight.Bulk.Capacity);
        _urgent = new Lane<SpooledRecipient>(inFlight.Urgent.Capacity, inFlight.Urgent.Capacity);
        Wire = new Lane<OutgoingMessage>(inFlight.Capacity, WireDepth, WireGather);
    }

    public Lane<OutgoingMessage> Wire { get; }

    public Lane<SpooledRecipient> Claimed(bool urgent) => urgent ? _urgent : _bulk;

    /// <summary>
    /// What of a job waits here and may not leave any more gets its outcome, or goes back untouched, without waiting for a connection.
    /// What is being composed or is on the wire is not here.
    /// </summary>
    public void Recall(LiveJob job)
    {
        foreach (var recipient in Claimed(job.Transactional).Remove(one => one.Live == job))
            _outcomes.Add(_rules.Refusal(recipient) ?? _rules.Untouched(recipient));
        foreach (var message in Wire.Remove(one => ((MailMessage)one).Live == job))
        {
            if (message.MayLeave())
                ((MailMessage)message).Return();
        }
    }

    public void Dispose()
    {
        _bulk.Dispose();
        _urgent.Dispose();
        Wire.Dispose();
    }
}
