using Microsoft.Extensions.Options;

namespace Delivery.Mta.Lanes;

/// <summary>When a recipient is tried again. Thread-safe.</summary>
internal sealed class RetrySchedule
{
    /// <summary>Pause after a lost connection, doubling with each loss in a row.</summary>
    private static readonly TimeSpan LossFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LossMax = TimeSpan.FromMinutes(5);
    private const double Jitter = 0.1;

    private readonly RetryPlan _bulk;
    private readonly RetryPlan _transactional;
    private readonly IReadOnlyList<RetryOverride> _overrides;

    public RetrySchedule(IOptions<MtaOptions> options)
    {
        var mta = options.Value;
        _bulk = new RetryPlan(mta.RetryFirst, mta.RetryMax, mta.ExpireAfter);
        _transactional = new RetryPlan(mta.TransactionalRetryFirst, mta.TransactionalRetryMax, mta.TransactionalExpireAfter);
        _overrides = mta.Retries;
    }

    /// <summary>The first override that matches, on top of what holds for this kind of mail.</summary>
    public RetryPlan PlanOf(uint account, string email, bool transactional)
    {
        var plan = transactional ? _transactional : _bulk;
        var domain = email.AsSpan(email.LastIndexOf('@') + 1);
        foreach (var one in _overrides)
        {
            if (one.Matches(account, domain, transactional))
                return new RetryPlan(one.First ?? plan.First, one.Max ?? plan.Max, one.ExpireAfter ?? plan.ExpireAfter);
        }

        return plan;
    }

    /// <summary>The pause after attempt number <paramref name="attempts"/> (from 1): doubling from the first to the longest, ±10% by chance.</summary>
    public static TimeSpan AfterAttempt(in RetryPlan plan, int attempts) => Pause(plan.First, plan.Max, attempts);

    /// <summary>The pause that a peer asked for, up to 10% more by chance, within what the plan allows; at least a second.</summary>
    public static TimeSpan AsAsked(in RetryPlan plan, TimeSpan asked) =>
        TimeSpan.FromSeconds(Math.Clamp(asked.TotalSeconds * (1 + Random.Shared.NextDouble() * Jitter), 1, Math.Max(1, plan.Max.TotalSeconds)));

    /// <summary>The pause after the connection was lost for the <paramref name="losses"/>-th time (from 1).</summary>
    public static TimeSpan AfterLoss(int losses) => Pause(LossFirst, LossMax, losses);

    /// <summary>Whether an attempt at that time would come too late: for the plan, or for the job.</summary>
    public static bool IsExpired(in RetryPlan plan, in RetryTerms terms, long dueMs) =>
        dueMs - terms.StartedMs > (long)plan.ExpireAfter.TotalMilliseconds || dueMs >= terms.ExpiresMs;

    private static TimeSpan Pause(TimeSpan first, TimeSpan max, int times)
    {
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Clamp(times - 1, 0, 30));
        var spread = 1 - Jitter + Random.Shared.NextDouble() * 2 * Jitter;
        return TimeSpan.FromMilliseconds(Math.Min(doubled, max.TotalMilliseconds) * spread);
    }
}
