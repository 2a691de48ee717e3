using Delivery.Mta.Lanes;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Tests.Lanes;

public sealed class JobQueueTests
{
    private readonly JobQueue _queue = new();
    private readonly List<LiveJob> _ended = [];

    public JobQueueTests() => _queue.Ended = _ended.Add;

    [Fact]
    public void Jobs_take_turns_a_chunk_at_a_time_and_every_recipient_comes_once()
    {
        Add(Job(1, next: 0, end: 25));
        Add(Job(2, next: 3, end: 8));
        var taken = new List<(ulong, uint, uint)>();

        for (_queue.Update(0); _queue.TryPeek(0, out _);)
            taken.Add(Turn(10));

        Assert.Equal([(1, 0, 10), (2, 3, 8), (1, 10, 20), (1, 20, 25)], taken);
    }

    [Fact]
    public void A_job_that_could_not_be_claimed_of_comes_again_with_the_same_recipients()
    {
        Add(Job(1, next: 0, end: 25));
        _queue.Update(0);

        Assert.True(_queue.TryPeek(0, out var first));
        _queue.Return(_queue.Take(), 0);
        Assert.True(_queue.TryPeek(0, out var again));

        Assert.Same(first, again);
        Assert.Equal(0u, again.Next);
    }

    [Fact]
    public void A_planned_job_waits_for_its_time_and_comes_by_itself()
    {
        Add(Job(1, notBefore: 5_000));

        Assert.Equal(5_000, _queue.Update(4_999));
        Assert.False(_queue.TryPeek(4_999, out _));
        _queue.Update(5_000);
        Assert.True(_queue.TryPeek(5_000, out _));
    }

    [Fact]
    public void A_paused_job_rests_and_the_others_go_on()
    {
        var paused = Job(1);
        Add(paused);
        Add(Job(2));
        _queue.Update(0);
        paused.Hold = JobHold.Paused;

        Assert.True(_queue.TryPeek(0, out var next));
        Assert.Equal(2UL, next.Id);
        Turn(10);
        Assert.False(_queue.TryPeek(0, out _));
        paused.Hold = JobHold.None;
        Add(paused);
        _queue.Update(0);
        Assert.True(_queue.TryPeek(0, out next));
        Assert.Equal(1UL, next.Id);
    }

    [Fact]
    public void A_cancelled_job_is_handed_over_at_once_wherever_it_stands_in_line()
    {
        var cancelled = Job(2);
        Add(Job(1));
        Add(cancelled);
        _queue.Update(0);
        cancelled.Hold = JobHold.Cancelled;
        Add(cancelled);
        _queue.Update(0);

        Assert.Equal([cancelled], _ended);
        Turn(10);
        Assert.False(_queue.TryPeek(0, out _));
    }

    [Fact]
    public void A_job_that_expires_is_handed_over_once_also_from_the_middle_of_the_line()
    {
        Add(Job(1));
        Add(Job(2, expires: 1_000));
        _queue.Update(999);
        Assert.Empty(_ended);

        _queue.Update(1_000);
        _queue.Update(2_000);

        Assert.Equal(2UL, Assert.Single(_ended).Id);
    }

    [Fact]
    public void A_retry_brings_its_job_back_when_it_is_due()
    {
        var job = Job(1);
        Add(job);
        _queue.Update(0);
        Turn(10);
        Assert.False(_queue.TryPeek(0, out _));

        job.DueAt(700);
        Add(job);

        Assert.Equal(700, _queue.Update(0));
        Assert.False(_queue.TryPeek(699, out _));
        _queue.Update(700);
        Assert.True(_queue.TryPeek(700, out _));
    }

    private void Add(LiveJob job) => _queue.Poke(job);

    private (ulong Job, uint Next, uint End) Turn(uint limit)
    {
        var job = _queue.Take();
        var next = job.Next;
        job.Claimed(Math.Min(next + limit, job.End), 0);
        _queue.Return(job, 0);
        return (job.Id, next, job.Next);
    }

    private static LiveJob Job(ulong id, uint next = 0, uint end = 10, long notBefore = 0, long expires = long.MaxValue) =>
        new(new UnfinishedJob(id, 1, next, end, end - next, Transactional: false, JobHold.None, notBefore, expires, null, long.MaxValue), null, null);
}
