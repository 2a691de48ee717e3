using System.Net;
using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Control;

/// <summary>start_time and expires.</summary>
public sealed class PlannedJobTests
{
    [Fact]
    public async Task A_planned_job_starts_by_itself_also_over_a_restart_and_sends_nothing_before()
    {
        await using var mta = await MtaFixture.StartAsync();
        var start = DateTimeOffset.UtcNow.AddSeconds(8);
        var came = DateTimeOffset.MaxValue;
        mta.Peer.Taken = _ => came = DateTimeOffset.UtcNow < came ? DateTimeOffset.UtcNow : came;
        var id = await mta.SubmitAsync(MtaFixture.Job(5).With("start_time", start));
        var open = MtaFixture.Job(0).With("start_time", start);
        open["recipients"] = null;
        var uploaded = await mta.SubmitAsync(open);
        await mta.UploadAsync(uploaded, Uploading.Lines(0, 5));
        await mta.StartAsync(uploaded);

        await mta.Program.KillAsync();
        await mta.Program.LaunchAsync();

        Assert.Equal(5, (await mta.FinishedAsync(id)).Count("delivered"));
        Assert.Equal(5, (await mta.FinishedAsync(uploaded)).Count("delivered"));
        Assert.True(came >= start, $"the first came at {came:O}, {start - came} early");
        Assert.Equal(start.ToUnixTimeMilliseconds(), (await mta.StatusAsync(id)).GetProperty("start_time").GetDateTimeOffset().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Until_its_time_a_job_is_scheduled_and_can_be_cancelled()
    {
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.SubmitAsync(MtaFixture.Job(5).With("start_time", DateTimeOffset.UtcNow.AddHours(1)));

        Assert.Equal("scheduled", (await mta.StatusAsync(id)).GetProperty("state").GetString());
        await mta.ControlAsync(id, "cancel");

        Assert.Equal(5, (await mta.ReachesAsync(id, "cancelled")).Count("dropped"));
        Assert.Equal(1, (await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(1).With("start_time", DateTimeOffset.UtcNow.AddDays(-1))))).Count("delivered"));
    }

    [Fact]
    public async Task Who_has_no_outcome_when_the_job_expires_ends_as_expired_though_nobody_was_claimed()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__RetryFirst", "01:00:00"), ("Mta__MaxInFlight", "64"));
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt ? "450 4.2.0 later" : null;
        var expires = DateTimeOffset.UtcNow.AddSeconds(5);
        var tried = await mta.SubmitAsync(MtaFixture.Job(3).With("expires", expires));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(tried)).Count("queued") == 0, "all were tried once");
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Banner ? SmtpAnswer.Drop : null;
        mta.Peer.DropAll();
        var paused = await mta.SubmitAsync(MtaFixture.Job(100).With("expires", DateTimeOffset.UtcNow.AddSeconds(5)));
        await mta.ControlAsync(paused, "pause");
        var waiting = await mta.SubmitAsync(MtaFixture.Job(2_500).With("expires", DateTimeOffset.UtcNow.AddSeconds(5)));

        Assert.Equal(3, (await mta.FinishedAsync(tried)).Count("expired"));
        Assert.Equal(100, (await mta.ReachesAsync(paused, "finished")).Count("expired"));
        var status = await mta.FinishedAsync(waiting);
        Assert.Equal(2_500, status.Count("expired"));
        Assert.True(status.GetProperty("finished").GetDateTimeOffset() >= expires);
        await Eventually.HoldsAsync(async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Expired) == 2_603, "each is told");
        Assert.Empty(mta.Peer.Messages);
    }

    [Theory]
    [InlineData("start_time", 400.0, null, "options.start_time")]
    [InlineData("expires", -1.0, null, "options.expires")]
    [InlineData("expires", 400.0, null, "options.expires")]
    [InlineData("expires", 1.0, 2.0, "options.expires")]
    public async Task Times_that_make_no_sense_are_refused_by_their_field(string option, double days, double? startDays, string field)
    {
        await using var mta = await MtaFixture.StartAsync();
        var job = MtaFixture.Job(1).With(option, DateTimeOffset.UtcNow.AddDays(days));
        if (startDays is { } start)
            job.With("start_time", DateTimeOffset.UtcNow.AddDays(start));

        using var answer = await mta.PostAsync(job);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(field, body.RootElement.GetProperty("errors")[0].GetProperty("field").GetString());
    }
}
