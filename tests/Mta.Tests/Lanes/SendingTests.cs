using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Lanes;

/// <summary>From the spool to an outcome, on a real Mta.</summary>
public sealed class SendingTests
{
    [Fact]
    public async Task Each_recipient_gets_the_outcome_of_its_own_reply()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt
            ? exchange.Recipient switch
            {
                "person1@example.com" => "550 5.1.1 no such user",
                "person2@example.com" => mta.Peer.Commands.Count(command => command.Contains("person2@", StringComparison.Ordinal)) < 2 ? "450 4.2.0 come back" : null,
                _ => null,
            }
            : null;

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(5)));

        Assert.Equal(4, status.GetProperty("delivered").GetInt64());
        Assert.Equal(1, status.GetProperty("bounced").GetInt64());
        Assert.Equal(4, mta.Peer.Messages.Count);
        await Eventually.HoldsAsync(
            async () =>
            {
                var records = await mta.RecordsAsync();
                return records.Count(record => record.Kind == (byte)EventKind.Delivered) == 4
                    && records.Count(record => record.Kind == (byte)EventKind.Bounced) == 1
                    && records.Count(record => record.Kind == (byte)EventKind.Deferred) == 1
                    && records.Count(record => record.Kind == (byte)EventKind.Accepted) == 5;
            },
            "all events are in the stream");
    }

    [Fact]
    public async Task A_recipient_whose_message_cannot_be_rendered_is_dropped_and_the_others_go()
    {
        await using var mta = await MtaFixture.StartAsync();
        var job = MtaFixture.Job(3, "<p>{{#each list}}{{#each ../list}}{{#each ../../list}}x{{/each}}{{/each}}{{/each}}</p>");
        ((List<object>)job["recipients"]!).Add(new
        {
            address = new { email = "endless@example.com" },
            substitution_data = new { list = Enumerable.Range(0, 2000).ToArray() },
        });

        var status = await mta.FinishedAsync(await mta.SubmitAsync(job));

        Assert.Equal(3, status.GetProperty("delivered").GetInt64());
        Assert.Equal(1, status.GetProperty("dropped").GetInt64());
        Assert.DoesNotContain(mta.Peer.Messages, message => message.Recipient == "endless@example.com");
    }

    [Fact]
    public async Task A_suppressed_address_gets_no_mail_within_a_second_of_its_suppression()
    {
        await using var mta = await MtaFixture.StartAsync();
        var keys = KeyRing.Load(mta.Folder("keys.json"));
        var redis = await mta.Redis.ConnectAsync();
        await SuppressionScript.AddAsync(
            redis.GetDatabase(), new SuppressionKeys(new RedisOptions()), 1, RecipientKey.Of(keys.RecipientSecret.Span, 1, "Person1@example.com"),
            SuppressionReason.Unsubscribe, 0, 1_800_000_000_000, TimeSpan.FromSeconds(5));
        await redis.CloseAsync(allowCommandsToComplete: false);
        await Task.Delay(TimeSpan.FromSeconds(1));

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));

        Assert.Equal(1, status.GetProperty("dropped").GetInt64());
        Assert.Equal(["person0@example.com", "person2@example.com"], mta.Peer.Messages.Select(message => message.Recipient).Order());
    }

    [Fact]
    public async Task A_relay_that_is_away_costs_nothing_but_time()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Banner && mta.Peer.Connections < 4 ? SmtpAnswer.Drop : null;

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(10)));

        Assert.Equal(10, status.GetProperty("delivered").GetInt64());
        Assert.Equal(0, status.GetProperty("uncertain").GetInt64());
        Assert.Equal(10, mta.Peer.Messages.Count);
    }

    [Fact]
    public async Task A_connection_lost_after_the_dot_is_sent_again_and_named_uncertain()
    {
        await using var mta = await MtaFixture.StartAsync();
        var dropped = 0;
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Dot && exchange.Recipient == "person1@example.com" && Interlocked.Exchange(ref dropped, 1) == 0
            ? SmtpAnswer.Drop
            : null;

        var status = await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(3)));

        Assert.Equal(3, status.GetProperty("delivered").GetInt64());
        Assert.Equal(1, dropped);
        Assert.InRange(status.GetProperty("uncertain").GetInt64(), 1, 3);
    }
}
