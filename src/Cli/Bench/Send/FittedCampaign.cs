using System.Net;
using Delivery.Cli.Api;
using Delivery.Cli.Demo;
using Delivery.Cli.Sink;
using Delivery.Cli.Up;
using Delivery.Contracts.Events;

namespace Delivery.Cli.Bench.Send;

/// <summary>A campaign whose messages are of the asked size, and what a capturing sink saw of them.</summary>
/// <param name="MeanBytes">Of a message, as it arrived.</param>
/// <param name="EventsPerJob">Events of a job beyond two a recipient: the job's own and its links'.</param>
internal sealed record FittedCampaign(BenchCampaign Campaign, int MeanBytes, long EventsPerJob)
{
    private const int Sample = 200;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Sends three small jobs to a sink of this process: without filling, with some, and with as much as then comes out.</summary>
    public static async Task<FittedCampaign> FitAsync(int sizeBytes, string folder, TimeProvider time, CancellationToken stop)
    {
        await using var sink = new SmtpSink(new SinkOptions(), time);
        await using var programs = BenchPrograms.Open(
            folder, new HostAndPort(IPAddress.Loopback.ToString(), sink.Port), new Dictionary<string, string>(), "1gb", time);
        await programs.StartAsync(stop, BenchPrograms.Redis, BenchPrograms.Mta);
        using var jobs = new JobApi(programs.Addresses.Mta, programs.Addresses.ApiKey!);
        using var marks = await EventMarks.ConnectAsync(programs.Addresses.Redis);

        var sampled = 0;
        var bare = await MeanAsync(0);
        var some = Math.Max(0, (sizeBytes - bare) / 2);
        var fill = 0;
        if (some > 0)
        {
            var half = await MeanAsync(some);
            fill = (int)(some * (double)(sizeBytes - bare) / (half - bare));
        }

        var mean = await MeanAsync(fill);
        return new FittedCampaign(BenchCampaign.Create(sizeBytes, fill), mean, await EventsPerJobAsync());

        async Task<int> MeanAsync(int filling)
        {
            var (messages, bytes) = (sink.Messages, sink.Bytes);
            await jobs.SubmitAsync(BenchCampaign.Create(sizeBytes, filling).Job(0, Sample), Guid.NewGuid().ToString("N"), stop);
            await UntilAsync(() => Task.FromResult(sink.Messages - messages >= Sample));
            sampled++;
            return (int)((sink.Bytes - bytes) / (sink.Messages - messages));
        }

        // A job's own events stand in the stream before those of its recipients.
        async Task<long> EventsPerJobAsync()
        {
            var perJob = 0L;
            await UntilAsync(async () =>
            {
                var kinds = await StreamTally.ReadAsync(marks.Database, EventMarks.Names);
                perJob = (kinds[DimensionKind.Job] + kinds[DimensionKind.Link] + kinds[DimensionKind.Mail]) / sampled;
                return kinds[(byte)EventKind.Accepted] == sampled * Sample;
            });
            return perJob;
        }

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            var begin = time.GetTimestamp();
            while (!await holds())
            {
                if (time.GetElapsedTime(begin) > Deadline)
                    throw new LaunchException($"the sample did not arrive within {Deadline.TotalSeconds:0} s: see {programs.Logs}", ExitCodes.Failure);
                await Task.Delay(Poll, time, stop);
            }
        }
    }
}
