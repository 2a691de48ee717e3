using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Mta.Tests.Suppressions;

/// <summary>Whatever becomes of Redis, who was suppressed stays so.</summary>
public sealed class LostSuppressionTests
{
    [Fact]
    public async Task A_Redis_that_comes_back_empty_gets_back_what_it_lost_and_nobody_gets_mail()
    {
        await using var mta = await MtaFixture.StartAsync();
        await AddAsync(mta, 1, 700);
        await using (var redis = new Connection(await mta.Redis.ConnectAsync()))
            await redis.Server(mta.Redis.Port).FlushAllDatabasesAsync();

        await Eventually.HoldsAsync(async () => await InRedisAsync(mta) == 700, "Redis has all again");
        Assert.Contains(mta.Program.Output, line => line.Contains("Redis has lost suppressions", StringComparison.Ordinal));
        await SuppressionApiTests.HeldAsync(mta, 700);
        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));
        Assert.Equal(2, status.GetProperty("dropped").GetInt64());
        var found = await mta.Client.GetFromJsonAsync<JsonElement>("/v1/suppressions/person1@example.com");
        Assert.Equal("hard_bounce", found.GetProperty("reasons")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_Redis_that_comes_back_with_an_older_state_gets_the_rest_again_even_where_its_count_has_grown_past_it()
    {
        await using var mta = await MtaFixture.StartAsync();
        await AddAsync(mta, 1, 5);
        await using (var redis = new Connection(await mta.Redis.ConnectAsync()))
        {
            // As after a restore: the last two changes never were, and two others came meanwhile.
            await redis.Database.ScriptEvaluateAsync(
                """
                local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 2)
                for _, entry in ipairs(newest) do
                  redis.call('XDEL', KEYS[2], entry[1])
                  redis.call('HDEL', KEYS[1], entry[2][6])
                end
                for i = 4, 5 do
                  redis.call('HSET', KEYS[1], string.format('%032d', i), 'manual|1|0')
                  redis.call('XADD', KEYS[2], '*', 'n', i, 'a', '1', 'k', string.format('%032d', i), 'v', 'manual|1|0')
                end
                """,
                ["delivery:{suppressions}:1", "delivery:{suppressions}:log"]);
        }

        await Eventually.HoldsAsync(async () => await InRedisAsync(mta) == 7, "Redis has what it lost and what is new");
        await SuppressionApiTests.HeldAsync(mta, 7);
    }

    [Fact]
    public async Task The_log_may_be_cut_while_the_mirror_is_away_and_it_loads_all_anew()
    {
        await using var mta = await MtaFixture.StartAsync();
        await AddAsync(mta, 1, 3);
        await using (var redis = new Connection(await mta.Redis.ConnectAsync()))
        {
            await redis.Database.ScriptEvaluateAsync(
                """
                for i = 4, 9 do
                  redis.call('HSET', KEYS[1], string.format('%032d', i), 'manual|1|0')
                  redis.call('INCR', KEYS[3])
                  redis.call('XADD', KEYS[2], '*', 'n', i, 'a', '1', 'k', string.format('%032d', i), 'v', 'manual|1|0')
                end
                redis.call('XTRIM', KEYS[2], 'MAXLEN', 2)
                """,
                ["delivery:{suppressions}:1", "delivery:{suppressions}:log", "delivery:{suppressions}:version"]);
        }

        await SuppressionApiTests.HeldAsync(mta, 9);
        Assert.DoesNotContain(mta.Program.Output, line => line.Contains("Redis has lost suppressions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_bounce_suppressed_holds_at_once_and_gets_into_Redis_whenever_it_is_there_and_again_when_it_was_lost()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__KeepPublished", "00:10:00"));
        await AddAsync(mta, 5, 1);
        await mta.Redis.KillAsync();
        await mta.Program.StopAsync();
        // As a commit with an outcome leaves it.
        var keys = Contracts.Tokens.KeyRing.Load(mta.Folder("keys.json"));
        var key = Contracts.RecipientKey.Of(keys.RecipientSecret.Span, 1, "person1@example.com");
        mta.Spool($"INSERT INTO suppression_due (account, key, reason, time_ms) VALUES (1, x'{key}', 2, 1700000000000)");
        await mta.Program.LaunchAsync(ready: false);

        var transactional = MtaFixture.Job(3);
        transactional["options"] = new { transactional = true };
        var status = await mta.FinishedAsync(await mta.SubmitAsync(transactional));
        Assert.Equal(1, status.GetProperty("dropped").GetInt64());
        Assert.Equal(["person0@example.com", "person2@example.com"], mta.Peer.Messages.Select(message => message.Recipient).Order());

        await mta.Redis.LaunchAsync();
        await Eventually.HoldsAsync(async () => await InRedisAsync(mta) == 2, "Redis has it");
        var found = await mta.Client.GetFromJsonAsync<JsonElement>("/v1/suppressions/person1@example.com");
        Assert.Equal("hard_bounce", found.GetProperty("reasons")[0].GetProperty("reason").GetString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), found.GetProperty("reasons")[0].GetProperty("since").GetDateTimeOffset());
        await using (var redis = new Connection(await mta.Redis.ConnectAsync()))
            await redis.Server(mta.Redis.Port).FlushAllDatabasesAsync();
        await Eventually.HoldsAsync(async () => await InRedisAsync(mta) == 2, "Redis has it again");
        Assert.Equal(1L, mta.Spool("SELECT count(*) FROM suppression_due"));
    }

    [Fact]
    public async Task What_Redis_has_had_for_a_while_leaves_the_spool_and_holds_on()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__KeepPublished", "00:00:00"));
        await mta.Program.StopAsync();
        var keys = Contracts.Tokens.KeyRing.Load(mta.Folder("keys.json"));
        for (var i = 0; i < 1_200; i++)
        {
            var key = Contracts.RecipientKey.Of(keys.RecipientSecret.Span, (uint)(1 + i % 2), $"person{i}@example.com");
            mta.Spool($"INSERT INTO suppression_due (account, key, reason, time_ms) VALUES ({1 + i % 2}, x'{key}', 2, 1700000000000)");
        }

        await mta.Program.LaunchAsync();
        await Eventually.HoldsAsync(() => (long)mta.Spool("SELECT count(*) FROM suppression_due")! == 0, "nothing is due any more");
        await SuppressionApiTests.HeldAsync(mta, 1_200);
        await Eventually.HoldsAsync(
            async () => (await mta.Client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("suppressions_due").GetInt64() == 0, "nothing is held twice");
        mta.Spool($"INSERT INTO suppression_due (account, key, reason, time_ms) VALUES (1, x'00112233445566778899aabbccddeeff', 2, 1700000000000)");
        await Eventually.HoldsAsync(() => (long)mta.Spool("SELECT count(*) FROM suppression_due")! == 0, "a number that is used again is not passed over");
        await SuppressionApiTests.HeldAsync(mta, 1_201);
    }

    [Fact]
    public async Task With_Redis_away_for_long_bulk_mail_waits_and_transactional_mail_goes_by_the_last_copy_also_after_a_restart()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__SuppressionMaxAge", "00:00:01"));
        await AddAsync(mta, 1, 1);
        await mta.Redis.KillAsync();
        await Eventually.HoldsAsync(async () => (int)(await mta.Client.GetAsync("/readyz")).StatusCode == 503, "the copy is too old");
        var bulk = await mta.SubmitAsync(MtaFixture.Job(4));

        await SendTransactionalAsync(2);
        await mta.Program.StopAsync();
        await mta.Program.LaunchAsync(ready: false);
        await SendTransactionalAsync(4);
        Assert.Equal(4, (await mta.StatusAsync(bulk)).GetProperty("queued").GetInt64());

        await mta.Redis.LaunchAsync();
        var status = await mta.FinishedAsync(bulk);
        Assert.Equal(3, status.GetProperty("delivered").GetInt64());
        Assert.DoesNotContain(mta.Peer.Messages, message => message.Recipient == "person1@example.com");

        async Task SendTransactionalAsync(int arrived)
        {
            var job = MtaFixture.Job(3);
            job["options"] = new { transactional = true };
            Assert.Equal(1, (await mta.FinishedAsync(await mta.SubmitAsync(job))).GetProperty("dropped").GetInt64());
            Assert.Equal(arrived, mta.Peer.Messages.Count);
        }
    }

    [Fact]
    public async Task A_deferred_message_of_a_transactional_job_is_tried_again_while_bulk_mail_waits()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__SuppressionMaxAge", "00:00:01"));
        await AddAsync(mta, 50, 1);
        var refused = 0;
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt && Interlocked.Increment(ref refused) <= 3 ? "450 4.2.0 come back" : null;
        await mta.Redis.KillAsync();
        await Eventually.HoldsAsync(async () => (int)(await mta.Client.GetAsync("/readyz")).StatusCode == 503, "the copy is too old");
        var job = MtaFixture.Job(3);
        job["options"] = new { transactional = true };
        Assert.Equal(3, (await mta.FinishedAsync(await mta.SubmitAsync(job))).GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task A_message_that_waits_in_the_lane_does_not_leave_after_its_recipient_is_suppressed()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__Smtp__Connections", "1"));
        using var gate = new SemaphoreSlim(0);
        mta.Peer.AsyncScript = async exchange =>
        {
            if (exchange.Step == SmtpStep.Dot)
                await gate.WaitAsync(TimeSpan.FromSeconds(30));
            return null;
        };
        var job = await mta.SubmitAsync(MtaFixture.Job(100));
        await Eventually.HoldsAsync(
            async () => (await mta.Client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("in_flight").GetInt64() == 100, "all are composed and wait");
        await AddAsync(mta, 50, 50);
        gate.Release(1_000);

        var status = await mta.FinishedAsync(job);
        Assert.Equal(50, status.GetProperty("dropped").GetInt64());
        Assert.Equal(50, mta.Peer.Messages.Count);
        Assert.DoesNotContain(mta.Peer.Messages, message => int.Parse(message.Recipient["person".Length..message.Recipient.IndexOf('@')]) >= 50);
    }

    /// <summary>Suppresses persons in a row, and waits until the Mta holds them.</summary>
    private static async Task AddAsync(MtaFixture mta, int first, int count)
    {
        var lines = string.Concat(Enumerable.Range(first, count).Select(i => $$"""{"email":"person{{i}}@example.com"}""" + "\n"));
        using var content = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        using var answer = await mta.Client.PostAsync("/v1/suppressions/import?reason=hard_bounce", content);
        answer.EnsureSuccessStatusCode();
        await SuppressionApiTests.HeldAsync(mta, count);
    }

    private static async Task<long> InRedisAsync(MtaFixture mta)
    {
        await using var redis = new Connection(await mta.Redis.ConnectAsync());
        return await redis.Database.HashLengthAsync("delivery:{suppressions}:1");
    }

    private sealed class Connection(ConnectionMultiplexer redis) : IAsyncDisposable
    {
        public IDatabase Database => redis.GetDatabase();

        public IServer Server(int port) => redis.GetServer("127.0.0.1", port);

        public async ValueTask DisposeAsync() => await redis.CloseAsync(allowCommandsToComplete: false);
    }
}
