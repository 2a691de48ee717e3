using Delivery.Mta.Lanes;

namespace Delivery.Mta.Tests.Lanes;

public sealed class LaneTests : IDisposable
{
    private readonly Lane<string> _lane = new(capacity: 200, room: 20);

    [Fact]
    public void What_is_urgent_goes_first_and_one_in_eight_is_not()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.True(_lane.TryWrite("bulk" + i, urgent: false));
            Assert.True(_lane.TryWrite("urgent" + i, urgent: true));
        }

        var read = Read(40);

        Assert.Equal(["urgent0", "urgent1", "urgent2", "urgent3", "urgent4", "urgent5", "urgent6", "bulk0", "urgent7"], read[..9]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => "bulk" + i), read.Where(one => one.StartsWith('b')));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => "urgent" + i), read.Where(one => one.StartsWith('u')));
        Assert.False(_lane.TryRead(out _));
    }

    [Fact]
    public async Task Without_room_bulk_waits_and_what_is_urgent_does_not()
    {
        for (var i = 0; i < 20; i++)
            _lane.TryWrite("bulk", urgent: false);

        Assert.False(await _lane.WriteAsync("late", urgent: false, TimeSpan.Zero, CancellationToken.None));
        Assert.True(await _lane.WriteAsync("now", urgent: true, TimeSpan.Zero, CancellationToken.None));
        var waiting = _lane.WriteAsync("late", urgent: false, TimeSpan.FromMinutes(1), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.Equal("now", Read(1)[0]);
        Assert.False(waiting.IsCompleted);
        Read(1);

        Assert.True(await waiting.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(20, _lane.Count);
    }

    [Fact]
    public async Task What_is_taken_out_makes_room_and_is_not_waited_for()
    {
        for (var i = 0; i < 20; i++)
            _lane.TryWrite(i % 2 == 0 ? "a" : "b", urgent: i < 4);

        Assert.Equal(10, _lane.Remove(one => one == "a").Count);

        Assert.Equal(10, _lane.Count);
        Assert.All(Read(10), one => Assert.Equal("b", one));
        var next = _lane.WaitToReadAsync().AsTask();
        Assert.False(next.IsCompleted);
        for (var i = 0; i < 20; i++)
            Assert.True(_lane.TryWrite("c", urgent: false));
        Assert.True(await next.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Many_writers_and_readers_lose_nothing()
    {
        const int Each = 5_000;
        using var lane = new Lane<object>(100_000, 50);
        var read = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await foreach (var _ in lane.ReadAllAsync())
                Interlocked.Increment(ref read);
        })).ToList();
        var removed = 0;
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                while (!await lane.WriteAsync(i % 2 == 0 ? "even" : "odd", urgent: writer == 0, TimeSpan.FromSeconds(1), CancellationToken.None))
                {
                }

                if (i % 500 == 0)
                    Interlocked.Add(ref removed, lane.Remove(one => Equals(one, "odd")).Count);
            }
        })).ToList();

        await Task.WhenAll(writers);
        lane.Complete();
        await Task.WhenAll(readers);

        Assert.Equal(4 * Each, read + removed);
    }

    public void Dispose() => _lane.Dispose();

    private List<string> Read(int count)
    {
        var read = new List<string>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(_lane.TryRead(out var item));
            read.Add(item);
        }

        return read;
    }
}
