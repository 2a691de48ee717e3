using System.Net;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Control;

/// <summary>What becomes of jobs that are over.</summary>
public sealed class FinishedJobTests
{
    [Fact]
    public async Task A_finished_job_leaves_the_spool_after_its_time_whole_and_the_others_stay()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__KeepFinished", "00:00:03"), ("Mta__RetryFirst", "01:00:00"));
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt && exchange.Recipient.StartsWith("person1499@", StringComparison.Ordinal) ? "450 4.2.0 later" : null;
        using var answer = await mta.PostAsync(MtaFixture.Job(1_400), "once");
        var stays = await mta.SubmitAsync(MtaFixture.Job(1_500));
        var small = await mta.SubmitAsync(MtaFixture.Job(1));
        await mta.FinishedAsync(small);

        await Eventually.HoldsAsync(
            async () => (await mta.Client.GetAsync(new Uri($"/v1/jobs/{small}", UriKind.Relative))).StatusCode == HttpStatusCode.NotFound, "the small one has left");
        await Eventually.HoldsAsync(() => (long)mta.Spool("SELECT (SELECT count(*) FROM job) * 10000 + (SELECT count(*) FROM recipient)")! == 11_500, "all of both are gone", TimeSpan.FromMinutes(1));

        Assert.Equal(0L, mta.Spool("SELECT count(*) FROM leaving"));
        Assert.Equal(1L, mta.Spool("SELECT count(*) FROM job_content"));
        var status = await mta.StatusAsync(stays);
        Assert.Equal((1_499L, 1L), (status.Count("delivered"), status.Count("deferred")));
        using var again = await mta.PostAsync(MtaFixture.Job(1_400), "once");
        Assert.Equal("true", again.Headers.GetValues("X-Idempotent-Replayed").Single());
        Assert.Equal(await answer.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(2_900, mta.Peer.Messages.Count);
    }
}
