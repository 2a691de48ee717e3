using Delivery.Cli.Api;
using Delivery.Cli.Demo;

namespace Delivery.Cli.Bench.Send;

/// <summary>Follows jobs to their end by what the Mta and Redis say, asking seldom enough to cost neither much.</summary>
internal sealed class JobWatch(JobApi api, EventMarks marks, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nothing at all may happen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<SendSample> _samples = [];
    private long _finishedBefore;
    private long _lastChange;

    /// <summary>Timestamps; 0 until it happens.</summary>
    public long FirstSent { get; private set; }

    public long LastSent { get; private set; }

    public long LastPublished { get; private set; }

    public long Delivered { get; private set; }

    /// <summary>Recipients with an outcome, as far as it is known.</summary>
    public long Done { get; private set; }

    public IReadOnlyList<SendSample> Samples => _samples;

    /// <summary>Follows <paramref name="feed"/> until every one of its <paramref name="messages"/> has its outcome and Redis has <paramref name="events"/> in all.</summary>
    /// <param name="memory">The Mta's resident bytes now; null takes no samples.</param>
    /// <exception cref="LaunchException">Nothing happened for a minute.</exception>
    public async Task FollowAsync(JobFeed feed, long messages, long events, Func<long>? memory, CancellationToken stop)
    {
        _lastChange = time.GetTimestamp();
        var sampled = _lastChange;
        string? current = null;
        if (memory is not null)
            _samples.Add(new SendSample(0, 0, memory()));
        while (LastSent == 0)
        {
            await Task.Delay(FirstSent == 0 ? FirstPoll : Poll, time, stop);
            while (current is not null || feed.Jobs.TryDequeue(out current))
            {
                if (!await LookAsync(current, stop))
                    break;
                current = null;
            }

            var now = time.GetTimestamp();
            if (current is null)
                _lastChange = now; // No job is there to be sent: that is up to who submits.
            if (memory is not null && time.GetElapsedTime(sampled, now) >= SampleEvery)
            {
                sampled = now;
                _samples.Add(Sample(now, memory()));
            }

            if (_finishedBefore >= messages)
                LastSent = now;
            else if (time.GetElapsedTime(_lastChange, now) > Patience)
                throw new LaunchException($"nothing was sent for {Patience.TotalSeconds:0} s: {Done} of {messages} have an outcome, {Delivered} are delivered. Does the SMTP server take mail?", ExitCodes.Failure);
        }

        if (memory is not null)
            _samples.Add(Sample(LastSent, memory()));
        while (await marks.TotalAsync() < events)
        {
            if (time.GetElapsedTime(LastSent) > Patience)
                throw new LaunchException($"Redis has {await marks.TotalAsync()} events where {events} are expected", ExitCodes.Failure);
            await Task.Delay(FirstPoll, time, stop);
        }

        LastPublished = time.GetTimestamp();

        SendSample Sample(long now, long bytes) => new(Math.Round(time.GetElapsedTime(feed.Begin, now).TotalSeconds, 3), Done, bytes);
    }

    /// <returns>Whether the job is finished.</returns>
    private async Task<bool> LookAsync(string job, CancellationToken stop)
    {
        using var status = await api.GetAsync($"/v1/jobs/{job}", stop);
        if (status is null)
            return false;
        var finished = JobStatusText.Finished(status.RootElement);
        if (finished > 0 && FirstSent == 0)
            FirstSent = time.GetTimestamp();
        if (_finishedBefore + finished > Done)
        {
            Done = _finishedBefore + finished;
            _lastChange = time.GetTimestamp();
        }

        if (finished < status.RootElement.GetProperty("accepted").GetInt64())
            return false;
        _finishedBefore += finished;
        Delivered += status.RootElement.GetProperty("delivered").GetInt64();
        return true;
    }
}
