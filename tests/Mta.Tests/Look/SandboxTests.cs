using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Look;

/// <summary>A sandbox job is accounted for to the last recipient, and nothing of it reaches the wire.</summary>
public sealed class SandboxTests
{
    [Fact]
    public async Task Everybody_ends_as_dropped_for_the_reason_sandbox_and_no_peer_hears_of_it()
    {
        await using var mta = await MtaFixture.StartAsync();
        var job = MtaFixture.Job(20, "<p>{{name}}{{#each list}}{{#each @root.list}}x{{/each}}{{/each}}</p>");
        ((List<object>)job["recipients"]!).Add(new { address = "endless@example.com", substitution_data = new { list = Enumerable.Range(0, 2_000) } });
        job["options"] = new { sandbox = true };

        var id = await mta.SubmitAsync(job);
        var status = await mta.FinishedAsync(id);

        Assert.True(status.GetProperty("sandbox").GetBoolean());
        Assert.Equal((21, 0), (status.GetProperty("dropped").GetInt32(), status.GetProperty("delivered").GetInt32()));
        Assert.Equal(20L, mta.Spool("SELECT count(*) FROM recipient WHERE detail = 'sandbox'"));
        Assert.Equal(1L, mta.Spool("SELECT count(*) FROM recipient WHERE detail LIKE 'render_failed: %'"));
        await Eventually.HoldsAsync(
            async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Dropped) == 21, "all events are in the stream");
        Assert.Equal(0, mta.Peer.Connections);
    }

    [Fact]
    public async Task A_suppressed_address_stays_suppressed()
    {
        await using var mta = await MtaFixture.StartAsync();
        var keys = KeyRing.Load(mta.Folder("keys.json"));
        var redis = await mta.Redis.ConnectAsync();
        await SuppressionScript.AddAsync(
            redis.GetDatabase(), new SuppressionKeys(new RedisOptions()), 1, RecipientKey.Of(keys.RecipientSecret.Span, 1, "person1@example.com"),
            SuppressionReason.Unsubscribe, 0, 1_800_000_000_000, TimeSpan.FromSeconds(5));
        await redis.CloseAsync(allowCommandsToComplete: false);
        await Eventually.HoldsAsync(
            async () =>
            {
                var job = MtaFixture.Job(3);
                job["options"] = new { sandbox = true };
                await mta.FinishedAsync(await mta.SubmitAsync(job));
                return (long)mta.Spool("SELECT count(*) FROM recipient WHERE detail = 'suppressed'")! > 0;
            },
            "the suppression is known");

        Assert.Equal(0L, mta.Spool("SELECT count(*) FROM recipient WHERE detail = 'suppressed' AND email <> 'person1@example.com'"));
        Assert.Equal(0, mta.Peer.Connections);
    }

    [Fact]
    public async Task Sandbox_and_mail_go_side_by_side()
    {
        await using var mta = await MtaFixture.StartAsync();
        var sandbox = MtaFixture.Job(50);
        sandbox["options"] = new { sandbox = true };

        var ids = await Task.WhenAll(mta.SubmitAsync(sandbox), mta.SubmitAsync(MtaFixture.Job(30)));
        var statuses = await Task.WhenAll(ids.Select(id => mta.FinishedAsync(id)));

        Assert.Equal(50, statuses[0].GetProperty("dropped").GetInt32());
        Assert.Equal(30, statuses[1].GetProperty("delivered").GetInt32());
        Assert.False(statuses[1].TryGetProperty("sandbox", out _));
        Assert.Equal(30, mta.Peer.Messages.Count);
    }
}
