using Delivery.Mta.Lanes;

namespace Delivery.Mta.Tests.Lanes;

public sealed class TailBudgetTests
{
    [Fact]
    public async Task A_tail_counts_once_however_many_share_it()
    {
        var budget = new TailBudget(100);
        var tail = new byte[90];
        for (var i = 0; i < 50; i++)
            await budget.TakeAsync(tail, CancellationToken.None);
        Assert.Equal(90, budget.Bytes);
        for (var i = 0; i < 50; i++)
            budget.Return(tail);
        Assert.Equal(0, budget.Bytes);
    }

    [Fact]
    public async Task A_tail_that_does_not_fit_waits_until_others_are_gone()
    {
        var budget = new TailBudget(100);
        var first = new byte[60];
        var second = new byte[60];
        await budget.TakeAsync(first, CancellationToken.None);
        var waiting = budget.TakeAsync(second, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        budget.Return(first);
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(60, budget.Bytes);
    }

    [Fact]
    public async Task One_over_the_bound_goes_alone()
    {
        var budget = new TailBudget(100);
        await budget.TakeAsync(new byte[1_000], CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1_000, budget.Bytes);
    }

    [Fact]
    public async Task Who_stops_waiting_holds_nothing()
    {
        var budget = new TailBudget(100);
        var first = new byte[60];
        await budget.TakeAsync(first, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = budget.TakeAsync(new byte[60], stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        budget.Return(first);
        Assert.Equal(0, budget.Bytes);
    }
}
