using System.Threading.Channels;
using Delivery.Mta.Lanes;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

public sealed class LaneTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
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

    [Fact]
    public async Task Of_those_that_wait_the_last_is_woken_for_as_many_as_gather()
    {
        using var lane = new Lane<string>(200, 100, gather: 4);
        var first = lane.ReadAsync().AsTask();
        var last = lane.ReadAsync().AsTask();
        Write(lane, 3);
        Assert.False(first.IsCompleted || last.IsCompleted);

        Write(lane, 1);

        Assert.Equal("bulk", await last.WaitAsync(Limit));
        Assert.Equal(3, lane.Count);
        Write(lane, 3);
        Assert.False(first.IsCompleted);
        Write(lane, 1);
        Assert.Equal("bulk", await first.WaitAsync(Limit));
        Assert.Equal(6, lane.Count);
    }

    [Fact]
    public async Task What_is_urgent_wakes_a_reader_at_once_and_so_does_a_writer_that_rests()
    {
        using var lane = new Lane<string>(200, 100, gather: 4);
        var readers = Enumerable.Range(0, 4).Select(_ => lane.ReadAsync().AsTask()).ToList();

        lane.TryWrite("urgent", urgent: true);
        Assert.Equal("urgent", await readers[3].WaitAsync(Limit));
        Write(lane, 2);
        Assert.DoesNotContain(readers[..3], one => one.IsCompleted);
        lane.Release();

        await Task.WhenAll(readers[1], readers[2]).WaitAsync(Limit);
        Assert.False(readers[0].IsCompleted);
        Assert.Equal(0, lane.Count);
    }

    [Fact]
    public async Task A_writer_that_waits_for_room_lets_nobody_sleep()
    {
        using var lane = new Lane<string>(200, room: 2, gather: 4);
        var readers = new[] { lane.ReadAsync().AsTask(), lane.ReadAsync().AsTask() };
        Write(lane, 2);

        Assert.True(await lane.WriteAsync("late", urgent: false, Limit, CancellationToken.None));

        await Task.WhenAll(readers).WaitAsync(Limit);
    }

    [Fact]
    public async Task One_that_has_given_up_waiting_is_not_woken_in_anothers_stead()
    {
        using var lane = new Lane<string>(200, 100, gather: 1);
        using var enough = new CancellationTokenSource();
        var stays = lane.ReadAsync().AsTask();
        var leaves = lane.ReadAsync(enough.Token).AsTask();

        await enough.CancelAsync();
        Write(lane, 1);

        Assert.Equal("bulk", await stays.WaitAsync(Limit));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
    }

    [Fact]
    public async Task The_end_comes_to_all_that_wait()
    {
        using var lane = new Lane<string>(200, 100, gather: 4);
        var readers = Enumerable.Range(0, 3).Select(_ => lane.ReadAsync().AsTask()).ToList();
        Write(lane, 1);

        lane.Complete();

        var ended = await Task.WhenAll(readers.Select(async one => await Record.ExceptionAsync(() => one.WaitAsync(Limit))));
        Assert.Equal(2, ended.Count(e => e is ChannelClosedException));
        Assert.Single(ended, e => e is null);
        await Assert.ThrowsAsync<ChannelClosedException>(() => lane.ReadAsync().AsTask());
    }

    [Fact]
    public async Task However_many_gather_readers_that_come_and_go_lose_nothing()
    {
        const int Each = 5_000;
        using var lane = new Lane<object>(100_000, 50, gather: 16);
        var read = 0;
        var readers = Enumerable.Range(0, 5).Select(reader => Task.Run(async () =>
        {
            while (true)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(reader == 0 ? 60_000 : reader));
                try
                {
                    _ = await lane.ReadAsync(patience.Token);
                    Interlocked.Increment(ref read);
                    while (lane.TryRead(out _))
                        Interlocked.Increment(ref read);
                }
                catch (OperationCanceledException)
                {
                }
                catch (ChannelClosedException)
                {
                    return;
                }
            }
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                while (!await lane.WriteAsync(i, urgent: writer == 0 && i % 10 == 0, TimeSpan.FromSeconds(1), CancellationToken.None))
                {
                }

                if (i % 100 == 0)
                    lane.Release();
            }

            lane.Release();
        })));
        await Eventually.HoldsAsync(() => lane.Count == 0, "all that was released is read", Limit);
        lane.Complete();
        await Task.WhenAll(readers).WaitAsync(Limit);

        Assert.Equal(3 * Each, read);
    }

    public void Dispose() => _lane.Dispose();

    private static void Write(Lane<string> lane, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(lane.TryWrite("bulk", urgent: false));
    }

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
