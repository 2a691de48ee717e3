using Delivery.Mta.Lanes;

namespace Delivery.Mta.Tests.Lanes;

public sealed class JobQueueTests
{
    [Fact]
    public void Jobs_take_turns_a_chunk_at_a_time_and_every_recipient_comes_once()
    {
        var queue = new JobQueue();
        queue.Add(new UnclaimedJob(1, 0, 25));
        queue.Add(new UnclaimedJob(2, 3, 8));
        var taken = new List<UnclaimedJob>();

        while (queue.TryPeek(10, bulk: true, out var chunk))
        {
            taken.Add(chunk);
            queue.Advance(chunk);
        }

        Assert.Equal(
            [new(1, 0, 10), new(2, 3, 8), new(1, 10, 20), new(1, 20, 25)],
            taken);
    }

    [Fact]
    public void A_chunk_that_could_not_be_claimed_comes_again_before_the_rest_of_its_job()
    {
        var queue = new JobQueue();
        queue.Add(new UnclaimedJob(1, 0, 25));

        Assert.True(queue.TryPeek(10, bulk: true, out var first));
        Assert.True(queue.TryPeek(10, bulk: true, out var again));

        Assert.Equal(first, again);
    }
}
