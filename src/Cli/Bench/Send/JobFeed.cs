using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Delivery.Cli.Api;
using Delivery.Cli.Demo;

namespace Delivery.Cli.Bench.Send;

/// <summary>Submits recipients over the public API: in calls of many, one after another, or as lines streamed into one job.</summary>
internal sealed class JobFeed(JobApi api, BenchCampaign campaign, TimeProvider time)
{
    /// <summary>Jobs in the order of their acceptance, added as each is accepted.</summary>
    public ConcurrentQueue<string> Jobs { get; } = new();

    /// <summary>Timestamp of the first byte of the first request.</summary>
    public long Begin { get; private set; }

    public long Accepted { get; private set; }

    /// <returns>The timestamp of the last answer.</returns>
    /// <exception cref="LaunchException">A call was refused, or recipients in it.</exception>
    public async Task<long> SubmitAsync(long messages, CancellationToken stop)
    {
        for (var first = 0L; first < messages; first += SendOptions.PerCall)
        {
            var end = Math.Min(messages, first + SendOptions.PerCall);
            var body = campaign.Job(first, end);
            if (first == 0)
                Begin = time.GetTimestamp();
            var (job, accepted) = await api.SubmitAsync(body, Guid.NewGuid().ToString("N"), stop);
            Accepted += accepted;
            if (accepted != end - first)
                throw new LaunchException($"of {end - first} recipients {accepted} were accepted", ExitCodes.Failure);
            Jobs.Enqueue(job);
        }

        return time.GetTimestamp();
    }

    /// <summary>One job that holds them all. Memory does not grow with their number.</summary>
    /// <returns>The timestamp of the answer to the last line.</returns>
    /// <exception cref="LaunchException">The job was refused, or lines of it.</exception>
    public async Task<long> StreamAsync(long messages, bool start, CancellationToken stop)
    {
        Begin = time.GetTimestamp();
        using var content = new ByteArrayContent(campaign.Job(0, 0));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var opened = await api.PostAsync("/v1/jobs", content, stop);
        var job = opened!.RootElement.GetProperty("id").GetString()!;
        using var lines = new RecipientLines(campaign, messages);
        using var taken = await api.PostAsync($"/v1/jobs/{job}/recipients?from_line=1", lines, stop);
        Accepted = taken!.RootElement.GetProperty("accepted").GetInt64();
        if (Accepted != messages)
            throw new LaunchException($"of {messages} lines {Accepted} were accepted", ExitCodes.Failure);
        var end = time.GetTimestamp();
        if (start)
        {
            using var started = await api.PostAsync($"/v1/jobs/{job}/start", null, stop);
            Jobs.Enqueue(job);
        }

        return end;
    }
}
