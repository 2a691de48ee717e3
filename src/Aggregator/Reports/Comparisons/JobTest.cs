using Delivery.Aggregator.Reports.Jobs;

namespace Delivery.Aggregator.Reports.Comparisons;

/// <summary>A job beside the first of a comparison: people who opened and who clicked, of those whose mail was delivered.</summary>
internal sealed record JobTest(string Job, string Against, ProportionTest Open, ProportionTest Click)
{
    public static JobTest Of(JobLine job, JobLine first) => new(
        job.Job,
        first.Job,
        ProportionTest.Of(job.Opens.Unique, job.Delivered, first.Opens.Unique, first.Delivered),
        ProportionTest.Of(job.Clicks.Unique, job.Delivered, first.Clicks.Unique, first.Delivered));
}
