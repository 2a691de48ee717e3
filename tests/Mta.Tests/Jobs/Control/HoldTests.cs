using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Control;

/// <summary>Pause, resume and cancel.</summary>
public sealed class HoldTests
{
    private const int Recipients = 1_500;
    private const int OnTheWire = 40;

    [Fact]
    public async Task Paused_nothing_new_leaves_and_resumed_everybody_gets_it_once()
    {
        await using var mta = await MtaFixture.StartAsync();
        using var relay = new HeldRelay(mta.Peer);
        var id = await mta.SubmitAsync(MtaFixture.Job(Recipients));
        relay.Answer(100);
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= 100, "some of it is sent");

        Assert.Equal("paused", (await mta.ControlAsync(id, "pause")).GetProperty("state").GetString());
        var sent = mta.Peer.Messages.Count;
        relay.AnswerAll();
        await Eventually.HoldsAsync(async () => await mta.InFlightAsync() == 0, "what was on the wire is finished");
        Assert.Equal("paused", (await mta.ControlAsync(id, "pause")).GetProperty("state").GetString());
        Assert.InRange(mta.Peer.Messages.Count, sent, sent + OnTheWire);
        var paused = await mta.StatusAsync(id);
        Assert.Equal((Recipients - mta.Peer.Messages.Count, 0L), ((int)paused.Count("queued"), paused.Count("deferred")));
        Assert.Equal(0L, mta.Spool("SELECT sum(attempts) + sum(uncertain) FROM recipient WHERE state < 2"));

        await mta.Program.StopAsync();
        await mta.Program.LaunchAsync();
        Assert.Equal("paused", (await mta.StatusAsync(id)).GetProperty("state").GetString());
        Assert.Equal("sending", (await mta.ControlAsync(id, "resume")).GetProperty("state").GetString());
        var finished = await mta.FinishedAsync(id, TimeSpan.FromMinutes(1));

        Assert.Equal(Recipients, finished.Count("delivered"));
        Assert.Equal(Recipients, mta.Peer.Messages.Count);
        Assert.True(finished.GetProperty("finished").GetDateTimeOffset() >= finished.GetProperty("created").GetDateTimeOffset());
    }

    [Fact]
    public async Task Cancelled_the_rest_is_dropped_and_those_on_the_wire_end_by_their_reply()
    {
        await using var mta = await MtaFixture.StartAsync();
        using var relay = new HeldRelay(mta.Peer);
        var id = await mta.SubmitAsync(MtaFixture.Job(Recipients));
        relay.Answer(100);
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= 100, "some of it is sent");

        var answer = await mta.ControlAsync(id, "cancel");
        Assert.Contains(answer.GetProperty("state").GetString(), new[] { "cancelling", "cancelled" });
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).Count("queued") <= OnTheWire, "all but those on the wire have ended");
        relay.AnswerAll();
        var status = await mta.ReachesAsync(id, "cancelled");

        Assert.Equal(mta.Peer.Messages.Count, status.Count("delivered"));
        Assert.Equal(Recipients - mta.Peer.Messages.Count, status.Count("dropped"));
        Assert.Equal(status.Count("dropped"), mta.Spool("SELECT count(*) FROM recipient WHERE state = 5 AND detail = 'cancelled' AND attempts = 0"));
        Assert.Equal(0L, mta.Spool("SELECT count(*) FROM retry"));
        await Eventually.HoldsAsync(
            async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Dropped) == status.Count("dropped"), "every drop is told");
        Assert.Equal(status.ToString(), (await mta.ControlAsync(id, "cancel")).ToString());
        Assert.Equal(status.ToString(), (await mta.ControlAsync(id, "resume")).ToString());
    }

    [Fact]
    public async Task A_cancelled_job_ends_though_the_relay_is_away_and_its_retries_with_it()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__RetryFirst", "01:00:00"));
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt ? "450 4.2.0 later" : null;
        var deferred = await mta.SubmitAsync(MtaFixture.Job(30));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(deferred)).Count("deferred") == 30, "all were tried once");
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Banner ? SmtpAnswer.Drop : null;
        mta.Peer.DropAll();
        var waiting = await mta.SubmitAsync(MtaFixture.Job(Recipients));

        await mta.ControlAsync(deferred, "cancel");
        await mta.ControlAsync(waiting, "cancel");

        Assert.Equal(30, (await mta.ReachesAsync(deferred, "cancelled")).Count("dropped"));
        Assert.Equal(Recipients, (await mta.ReachesAsync(waiting, "cancelled")).Count("dropped"));
        Assert.Empty(mta.Peer.Messages);
    }

    [Fact]
    public async Task A_job_that_is_finished_stays_as_it_is_and_another_account_has_no_say()
    {
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.SubmitAsync(MtaFixture.Job(2));
        var finished = await mta.FinishedAsync(id);

        foreach (var verb in new[] { "cancel", "pause", "resume" })
            Assert.Equal(finished.ToString(), (await mta.ControlAsync(id, verb)).ToString());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{id}/cancel");
        request.Headers.Authorization = new("Bearer", MtaFixture.OtherKey);
        using var answer = await mta.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_open_job_can_be_cancelled_and_takes_nobody_any_more()
    {
        await using var mta = await MtaFixture.StartAsync();
        var empty = await mta.OpenAsync();
        var filled = await mta.OpenAsync();
        await mta.UploadAsync(filled, Uploading.Lines(0, 20));

        Assert.Equal("cancelled", (await mta.ControlAsync(empty, "cancel")).GetProperty("state").GetString());
        await mta.ControlAsync(filled, "cancel");
        Assert.Equal(20, (await mta.ReachesAsync(filled, "cancelled")).Count("dropped"));

        Assert.Equal(HttpStatusCode.Conflict, (await mta.UploadAsync(filled, Uploading.Lines(20, 30))).Status);
        Assert.Empty(mta.Peer.Messages);
    }

    [Fact]
    public async Task Killed_while_it_cancels_everybody_has_one_outcome_and_the_counts_add_up()
    {
        const int Many = 30_000;
        await using var mta = await MtaFixture.StartAsync(("Mta__MaxInFlight", "128"));
        var id = await mta.OpenAsync();
        await mta.UploadAsync(id, Uploading.Lines(0, Many));
        await mta.StartAsync(id);
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= 50, "some of it is sent");
        await mta.ControlAsync(id, "cancel");
        for (var round = 0; round < 3; round++)
        {
            var before = (await mta.StatusAsync(id)).Count("dropped");
            await Eventually.HoldsAsync(
                async () => await mta.StatusAsync(id) is var now && (now.Count("dropped") > before || now.GetProperty("state").GetString() == "cancelled"), "some are dropped");
            await mta.Program.KillAsync();
            await mta.Program.LaunchAsync();
        }

        var status = await mta.ReachesAsync(id, "cancelled", TimeSpan.FromMinutes(1));

        Assert.Equal(Many, status.Count("delivered") + status.Count("dropped"));
        Assert.Equal(status.Count("dropped"), mta.Spool("SELECT count(*) FROM recipient WHERE state = 5"));
        Assert.Equal(status.Count("delivered"), mta.Spool("SELECT count(*) FROM recipient WHERE state = 2"));
        await Eventually.HoldsAsync(() => mta.OutboxIsEmpty(), "all events are published", TimeSpan.FromMinutes(1));
        var records = await mta.RecordsAsync();
        Assert.Equal(Many, records.Where(record => record.Kind is (byte)EventKind.Dropped or (byte)EventKind.Delivered).Select(record => record.Recipient).Distinct().Count());
        Assert.Equal(Many, records.Count(record => record.Kind is (byte)EventKind.Dropped or (byte)EventKind.Delivered));
    }
}
