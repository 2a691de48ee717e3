using System.Threading.Channels;
using Delivery.Mta.Lanes;
using Delivery.Mta.Smtp;
using Delivery.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Delivery.Mta.Tests.Smtp;

public sealed class SmtpPoolTests
{
    [Fact]
    public async Task Many_messages_go_out_over_several_connections_once_each()
    {
        await using var server = new ScriptedSmtpServer();
        var options = SmtpRun.Options(server.Port);
        options.Connections = 4;
        options.MaxMessagesPerConnection = 50;
        var messages = TestMessage.Many(1000);
        var channel = SmtpRun.Filled(messages);
        using var pool = new SmtpPool(options, channel.Reader, TimeProvider.System, NullLogger<SmtpPool>.Instance);

        await pool.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(1000, server.Messages.Select(m => m.Recipient).Distinct().Count());
        Assert.Equal(1000, server.Messages.Count);
        Assert.InRange(server.Connections, 20, 30);
        Assert.Equal(0, pool.OpenConnections);
        Assert.Equal(server.Connections, pool.ConnectionsOpened);
    }

    [Fact]
    public async Task One_message_opens_one_connection_and_none_opens_none()
    {
        await using var server = new ScriptedSmtpServer();
        await using var run = new PoolRun(SmtpRun.Options(server.Port));
        Assert.Equal(0, server.Connections);

        for (var i = 0; i < 5; i++) Assert.Equal(AttemptResult.Delivered, (await run.SendAsync($"r{i}@example.test")).Result);

        Assert.Equal(1, server.Connections);
        Assert.Equal(1, run.Pool.OpenConnections);
    }

    [Fact]
    public async Task Waiting_messages_open_connections_up_to_the_limit()
    {
        await using var server = new ScriptedSmtpServer();
        var release = new TaskCompletionSource();
        server.AsyncScript = async at =>
        {
            if (at.Step == SmtpStep.Mail) await release.Task;
            return null;
        };
        var options = SmtpRun.Options(server.Port);
        options.Connections = 3;
        await using var run = new PoolRun(options);
        var messages = TestMessage.Many(10);
        foreach (var message in messages) await run.Channel.Writer.WriteAsync(message);

        await SmtpRun.UntilAsync(() => run.Pool.OpenConnections == 3);
        Assert.Equal(7, run.Channel.Reader.Count);
        release.SetResult();

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_with_QUIT()
    {
        await using var server = new ScriptedSmtpServer();
        var options = SmtpRun.Options(server.Port);
        options.IdleTimeout = TimeSpan.FromMilliseconds(50);
        await using var run = new PoolRun(options);

        await run.SendAsync("a@example.test");

        await SmtpRun.UntilAsync(() => run.Pool.OpenConnections == 0);
        Assert.Equal("QUIT", server.Commands.Last());
        Assert.Equal(AttemptResult.Delivered, (await run.SendAsync("b@example.test")).Result);
        Assert.Equal(2, server.Connections);
        Assert.Equal(0, run.Pool.ConnectionsLost);
    }

    [Fact]
    public async Task A_connection_that_is_old_enough_takes_no_further_message_and_is_closed_with_QUIT()
    {
        await using var server = new ScriptedSmtpServer();
        var clock = new MovedTime();
        var options = SmtpRun.Options(server.Port);
        options.MaxConnectionAge = TimeSpan.FromMinutes(1);
        // Moved between the first message's dot and its answer: only a message that has begun is finished.
        server.Script = at =>
        {
            if (at is { Step: SmtpStep.Dot, Transaction: 1 }) clock.Advance(TimeSpan.FromSeconds(61));
            return null;
        };
        var messages = TestMessage.Many(10);
        var channel = SmtpRun.Filled(messages);
        using var connection = new SmtpConnection(options, clock);
        await connection.OpenAsync(CancellationToken.None);

        await connection.RunAsync(channel.Reader).WaitAsync(TimeSpan.FromSeconds(20));

        // The second one's answer came when its follower was already under way.
        Assert.Equal(3, server.Messages.Count);
        Assert.Equal(7, channel.Reader.Count);
        Assert.Equal("QUIT", server.Commands.Last());
    }

    [Fact]
    public async Task A_connection_without_messages_is_closed_at_its_age_too()
    {
        await using var server = new ScriptedSmtpServer();
        var options = SmtpRun.Options(server.Port);
        options.IdleTimeout = TimeSpan.FromMinutes(10);
        options.MaxConnectionAge = TimeSpan.FromMilliseconds(50);
        await using var run = new PoolRun(options);

        await run.SendAsync("a@example.test");

        await SmtpRun.UntilAsync(() => run.Pool.OpenConnections == 0);
        Assert.Equal("QUIT", server.Commands.Last());
        Assert.Equal(0, run.Pool.ConnectionsLost);
    }

    [Fact]
    public async Task Messages_wait_while_the_relay_is_away_and_go_when_it_is_back()
    {
        int port;
        await using (var gone = new ScriptedSmtpServer()) port = gone.Port;
        await using var run = new PoolRun(SmtpRun.Options(port));
        var messages = TestMessage.Many(50);
        foreach (var message in messages) await run.Channel.Writer.WriteAsync(message);
        await SmtpRun.UntilAsync(() => run.Pool.ConnectFailures >= 3);
        Assert.True(run.Pool.IsRelayAway);
        Assert.All(messages, m => Assert.Equal(0, m.Completions));

        await using var server = new ScriptedSmtpServer(port);

        Assert.All(await SmtpRun.OutcomesAsync(messages), a => Assert.Equal(AttemptResult.Delivered, a.Result));
        Assert.False(run.Pool.IsRelayAway);
    }

    [Fact]
    public async Task A_relay_that_says_421_to_everything_is_tried_ever_more_rarely()
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == SmtpStep.Mail ? SmtpAnswer.Of("421 4.3.2 Go away").ThenDrop() : null };
        var options = SmtpRun.Options(server.Port);
        options.ReconnectDelay = TimeSpan.FromSeconds(30);
        options.MaxReconnectDelay = TimeSpan.FromSeconds(30);
        await using var run = new PoolRun(options);

        var attempt = await run.SendAsync("a@example.test");
        Assert.Equal((AttemptResult.ConnectionLost, (ushort)421), (attempt.Result, attempt.Reply.Code));
        await SmtpRun.UntilAsync(() => run.Pool.IsRelayAway);

        await run.Channel.Writer.WriteAsync(new TestMessage("b@example.test"));
        await Task.Delay(200);
        Assert.Equal(1, server.Connections);
        Assert.Equal(1, run.Channel.Reader.Count);
    }

    [Fact]
    public async Task A_relay_that_restarts_in_the_middle_loses_nothing()
    {
        await using var server = new ScriptedSmtpServer();
        server.Script = at => at is { Step: SmtpStep.Dot, Transaction: 20 } ? SmtpAnswer.Drop : null;
        var options = SmtpRun.Options(server.Port);
        options.Connections = 3;
        await using var run = new PoolRun(options);
        var waiting = new Queue<string>(Enumerable.Range(0, 300).Select(i => $"r{i}@example.test"));
        var uncertain = 0;

        while (waiting.TryDequeue(out var to))
        {
            var attempt = await run.SendAsync(to);
            if (attempt.Result == AttemptResult.Delivered) continue;
            Assert.Equal(AttemptResult.ConnectionLost, attempt.Result);
            if (attempt.Uncertain) uncertain++;
            waiting.Enqueue(to);
        }

        Assert.True(uncertain > 0);
        Assert.Equal(300, server.Messages.Select(m => m.Recipient).Distinct().Count());
        Assert.Equal(300 + uncertain, server.Messages.Count);
    }

    [Fact]
    public async Task A_stop_lets_the_transactions_in_flight_finish()
    {
        await using var server = new ScriptedSmtpServer();
        var atDot = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        server.AsyncScript = async at =>
        {
            if (at.Step != SmtpStep.Dot) return null;
            atDot.TrySetResult();
            await release.Task;
            return null;
        };
        var options = SmtpRun.Options(server.Port);
        options.Connections = 1;
        var messages = TestMessage.Many(3);
        var run = new PoolRun(options, messages);
        await atDot.Task;

        var stopping = run.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));

        // The one at its dot and the one pipelined behind it; the third was never touched.
        Assert.Equal(AttemptResult.Delivered, (await messages[0].Done).Result);
        Assert.Equal(AttemptResult.Delivered, (await messages[1].Done).Result);
        Assert.Equal(0, messages[2].Completions);
        Assert.Equal(1, run.Channel.Reader.Count);
        Assert.Equal("QUIT", server.Commands.Last());
        await run.DisposeAsync();
    }

    [Theory]
    [InlineData("SIZE 52428800")]
    [InlineData("PIPELINING")]
    [InlineData("PIPELINING", "CHUNKING")]
    public async Task A_first_message_that_is_there_as_the_stop_comes_goes_out_whole(params string[] extensions)
    {
        await using var server = new ScriptedSmtpServer { Extensions = extensions };
        var message = new TestMessage("a@example.test");
        using var stop = new CancellationTokenSource();
        using var connection = new SmtpConnection(SmtpRun.Chunked(server.Port), TimeProvider.System);
        await connection.OpenAsync(stop.Token);

        await connection.RunAsync(new TakenAsTheStopComes(message, stop)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
    }

    [Theory]
    [InlineData("SIZE 52428800")]
    [InlineData("PIPELINING")]
    [InlineData("PIPELINING", "CHUNKING")]
    public async Task A_message_that_comes_with_the_stop_goes_out_whole(params string[] extensions)
    {
        await using var server = new ScriptedSmtpServer { Extensions = extensions };
        var message = new TestMessage("a@example.test");
        var source = new TakenAsTheWaitEnds(message);
        using var stop = new CancellationTokenSource();
        using var connection = new SmtpConnection(SmtpRun.Chunked(server.Port), TimeProvider.System);
        await connection.OpenAsync(stop.Token);
        var running = connection.RunAsync(source);
        await source.IsWaitedFor;

        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(AttemptResult.Delivered, (await message.Done).Result);
        Assert.Equal("QUIT", server.Commands.Last());
    }

    [Fact]
    public async Task While_one_is_idle_no_other_is_opened()
    {
        await using var server = new ScriptedSmtpServer();
        using var lane = new Lane<OutgoingMessage>(100, 100, gather: 4);
        var options = SmtpRun.Options(server.Port);
        using var stop = new CancellationTokenSource();
        using var pool = new SmtpPool(options, lane, TimeProvider.System, NullLogger<SmtpPool>.Instance) { OpenFor = 4 };
        var running = pool.RunAsync(stop.Token);

        for (var round = 0; round < 30; round++)
        {
            var messages = TestMessage.Many(4);
            foreach (var message in messages) Assert.True(lane.TryWrite(message, urgent: false));
            await SmtpRun.OutcomesAsync(messages);
            await SmtpRun.UntilAsync(() => pool.IdleConnections > 0 && pool.IdleConnections == pool.OpenConnections);
        }

        Assert.InRange(server.Connections, 1, 3);
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_peer_that_never_answers()
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == SmtpStep.Dot ? SmtpAnswer.Silence : null };
        var options = SmtpRun.Options(server.Port);
        options.StopTimeout = TimeSpan.FromMilliseconds(100);
        var run = new PoolRun(options);
        var message = new TestMessage("a@example.test");
        await run.Channel.Writer.WriteAsync(message);
        await SmtpRun.UntilAsync(() => server.Messages.Count == 1);

        await run.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));

        var attempt = await message.Done;
        Assert.Equal((AttemptResult.ConnectionLost, true), (attempt.Result, attempt.Uncertain));
        await run.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_ends_a_greeting_that_hangs()
    {
        await using var server = new ScriptedSmtpServer { Script = at => at.Step == SmtpStep.Banner ? SmtpAnswer.Silence : null };
        var run = new PoolRun(SmtpRun.Options(server.Port));
        await run.Channel.Writer.WriteAsync(new TestMessage("a@example.test"));
        await SmtpRun.UntilAsync(() => server.Connections == 1);

        await run.StopAsync().WaitAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(1, run.Channel.Reader.Count);
        await run.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_closes_idle_connections_gets_the_next_message_on_a_new_one()
    {
        await using var server = new ScriptedSmtpServer();
        await using var run = new PoolRun(SmtpRun.Options(server.Port));
        await run.SendAsync("a@example.test");

        server.DropAll();
        await SmtpRun.UntilAsync(() => server.OpenConnections == 0);

        var first = await run.SendAsync("b@example.test");
        if (first.Result == AttemptResult.ConnectionLost)
        {
            Assert.False(first.Uncertain);
            Assert.Equal(SmtpStage.None, first.Stage);
            first = await run.SendAsync("b@example.test");
        }
        Assert.Equal(AttemptResult.Delivered, first.Result);
        Assert.Equal(2, server.Connections);
    }
}
