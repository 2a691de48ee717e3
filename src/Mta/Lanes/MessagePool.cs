using System.Collections.Concurrent;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Suppressions;

namespace Delivery.Mta.Lanes;

/// <summary>Messages with their buffers, used again and again. Holds no more than were in use at one time, and lets go of very large buffers. Thread-safe.</summary>
internal sealed class MessagePool(TailBudget tails, OutcomeRules rules, DepartureRules departure, OutcomeWriter outcomes)
{
    private const int LargestKeptBytes = 256 * 1024;
    private readonly ConcurrentBag<MailMessage> _free = [];

    public MailMessage Rent() => _free.TryTake(out var message) ? message : new MailMessage(this, tails, rules, departure, outcomes);

    public void Return(MailMessage message)
    {
        if (message.Capacity <= LargestKeptBytes)
            _free.Add(message);
    }
}
