using System.Net;
using Delivery.Cli.Demo;
using Delivery.Cli.Sink;
using Delivery.Cli.Up;

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

        var bare = await MeanAsync(0);
        var some = Math.Max(0, (sizeBytes - bare) / 2);
        var fill = 0;
        if (some > 0)
        {
            var half = await MeanAsync(some);
            fill = (int)(some * (double)(sizeBytes - bare) / (half - bare));
        }

        var before = await marks.TotalAsync();
        var mean = await MeanAsync(fill);
        var begin = time.GetTimestamp();
        while (await marks.TotalAsync() - before <= 2 * Sample && time.GetElapsedTime(begin) < Deadline)
            await Task.Delay(Poll, time, stop);
        return new FittedCampaign(BenchCampaign.Create(sizeBytes, fill), mean, await marks.TotalAsync() - before - 2 * Sample);

        async Task<int> MeanAsync(int filling)
        {
            var (messages, bytes) = (sink.Messages, sink.Bytes);
            await jobs.SubmitAsync(BenchCampaign.Create(sizeBytes, filling).Job(0, Sample), Guid.NewGuid().ToString("N"), stop);
            var asked = time.GetTimestamp();
            while (sink.Messages - messages < Sample)
            {
                if (time.GetElapsedTime(asked) > Deadline)
                    throw new LaunchException($"the sample did not arrive within {Deadline.TotalSeconds:0} s: see {programs.Logs}", ExitCodes.Failure);
                await Task.Delay(Poll, time, stop);
            }

            return (int)((sink.Bytes - bytes) / (sink.Messages - messages));
        }
    }
}
