using System.Globalization;
using Delivery.Cli.Api;
using Delivery.Cli.Demo;
using Delivery.Cli.Up;
using Delivery.Contracts.Dkim;
using Spectre.Console;

namespace Delivery.Cli.Bench.Send;

/// <summary>One measurement of the sender: fit the size, start, warm up, submit, follow to the last event.</summary>
internal sealed class SendRun(SendOptions options, TimeProvider time, StopSignal stop)
{
    /// <summary>Nothing listens there, so that acceptance is all that happens.</summary>
    private static readonly HostAndPort Nowhere = new("127.0.0.1", 1);
    private readonly StepProgress _steps = new(AnsiConsole.Console, time);

    public async Task<FittedCampaign> FitAsync(string folder)
    {
        FittedCampaign? fitted = null;
        await _steps.RunAsync("Fitting the message's size", 1, () => 0, async () =>
            fitted = await FittedCampaign.FitAsync(options.SizeBytes, folder, time, stop.Token));
        return fitted!;
    }

    /// <param name="folder">Not there yet, or empty.</param>
    /// <param name="signed">With a DKIM key of the sender's domain.</param>
    /// <exception cref="LaunchException">It could not be measured.</exception>
    public async Task<SendResult> RunAsync(FittedCampaign fitted, string folder, bool signed = false)
    {
        var settings = new Dictionary<string, string>(options.Settings);
        if (options.Connections is { } connections)
            settings["Mta__Smtp__Connections"] = connections.ToString(CultureInfo.InvariantCulture);
        await using var programs = BenchPrograms.Open(folder, options.AcceptOnly ? Nowhere : options.Smtp, settings, options.RedisMemory, time);
        stop.AtOnce = programs.Kill;
        if (signed)
            DkimPrivateKey.Create(new DkimKeyFile(DataFolder.DkimFolderOf(folder), BenchCampaign.SenderDomain, "bench", DkimKeyState.Active));
        string[] stores = options.WithAggregator ? [BenchPrograms.Redis, BenchPrograms.Engine] : [BenchPrograms.Redis];
        string[] started = options.WithAggregator ? [BenchPrograms.Aggregator, BenchPrograms.Mta] : [BenchPrograms.Mta];
        await _steps.RunAsync("Starting " + string.Join(", ", [.. stores, .. started]), 1, () => 0, async () =>
        {
            await programs.StartAsync(stop.Token, stores);
            await programs.StartAsync(stop.Token, started);
        });
        using var api = new JobApi(programs.Addresses.Mta, programs.Addresses.ApiKey!, Timeout.InfiniteTimeSpan);
        using var marks = await EventMarks.ConnectAsync(programs.Addresses.Redis);
        if (options.WarmUp > 0)
            await WarmUpAsync(fitted, api, marks);
        if (options.AcceptOnly)
            return await MeasureAcceptanceAsync(fitted, programs, api);
        var result = await MeasureAsync(fitted, programs, [.. stores, .. started], api, marks);
        if (signed)
            await CheckSignedAsync(api, options.WarmUp + result.Delivered);
        return result;
    }

    /// <exception cref="LaunchException">Not every message was signed.</exception>
    private async Task CheckSignedAsync(JobApi api, long messages)
    {
        using var status = await api.GetAsync("/status", stop.Token);
        var signatures = status!.RootElement.GetProperty("dkim_signatures").GetInt64();
        if (signatures < messages)
            throw new LaunchException($"of {messages} messages {signatures} were signed: see the Mta's log", ExitCodes.Failure);
    }

    private async Task WarmUpAsync(FittedCampaign fitted, JobApi api, EventMarks marks)
    {
        var feed = new JobFeed(api, fitted.Campaign, time);
        if (options.AcceptOnly)
        {
            await _steps.RunAsync("Warming up", options.WarmUp, () => feed.Accepted, () => feed.SubmitAsync(options.WarmUp, stop.Token));
            return;
        }

        var watch = new JobWatch(api, marks, time);
        var events = await marks.TotalAsync() + Events(fitted, options.WarmUp, streamed: false);
        await _steps.RunAsync("Warming up", options.WarmUp, () => watch.Done, () => SubmitAndFollowAsync(
            cancellation => feed.SubmitAsync(options.WarmUp, cancellation),
            cancellation => watch.FollowAsync(feed, options.WarmUp, events, null, cancellation)));
    }

    /// <summary>Both at once; what fails first ends the other.</summary>
    /// <returns>The timestamp of the last answer to a submission.</returns>
    private async Task<long> SubmitAndFollowAsync(Func<CancellationToken, Task<long>> submit, Func<CancellationToken, Task> follow)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var following = follow(failed.Token);
        var submitting = submit(failed.Token);
        var first = await Task.WhenAny(following, submitting);
        if (!first.IsCompletedSuccessfully)
        {
            await failed.CancelAsync();
            await first;
        }

        await following;
        return await submitting;
    }

    private async Task<SendResult> MeasureAsync(FittedCampaign fitted, BenchPrograms programs, string[] names, JobApi api, EventMarks marks)
    {
        var feed = new JobFeed(api, fitted.Campaign, time);
        var watch = new JobWatch(api, marks, time);
        var events = await marks.TotalAsync() + Events(fitted, options.Messages, options.Streamed);
        var busy = await BusyParts.ReadAsync(api, stop.Token);
        var before = names.ToDictionary(name => name, programs.Usage);
        var own = ProcessUsage.Own();
        var accepted = 0L;
        await _steps.RunAsync("Sending", options.Messages, () => watch.Done, async () => accepted = await SubmitAndFollowAsync(
            cancellation => options.Streamed ? feed.StreamAsync(options.Messages, start: true, cancellation) : feed.SubmitAsync(options.Messages, cancellation),
            cancellation => watch.FollowAsync(
                feed, options.Messages, events, options.Streamed ? () => programs.Usage(BenchPrograms.Mta).RssBytes : null, cancellation)));
        var cpu = names.ToDictionary(name => name, name => Since(before[name], programs.Usage(name)));
        cpu["bench"] = Math.Round(ProcessUsage.Own().CpuSeconds - own.CpuSeconds, 2);
        var mta = cpu[BenchPrograms.Mta];
        var seconds = Seconds(feed.Begin, watch.LastPublished);
        return Result(fitted, feed, accepted, cpu, programs) with
        {
            MessagesPerSecond = Math.Round(options.Messages / seconds, 1),
            Seconds = seconds,
            SentSeconds = Seconds(feed.Begin, watch.LastSent),
            PublishedSeconds = seconds,
            FirstMessageSeconds = Seconds(feed.Begin, watch.FirstSent),
            Delivered = watch.Delivered,
            OtherOutcomes = options.Messages - watch.Delivered,
            Parts = busy?.SharesUntil(await BusyParts.ReadAsync(api, stop.Token), mta),
            FirstTenthPerSecond = SendRates.Over(watch.Samples, 0, options.Messages / 10),
            LastTenthPerSecond = SendRates.Over(watch.Samples, options.Messages - options.Messages / 10, options.Messages),
            Samples = options.Streamed ? SendRates.Thin(watch.Samples) : null,
        };
    }

    private async Task<SendResult> MeasureAcceptanceAsync(FittedCampaign fitted, BenchPrograms programs, JobApi api)
    {
        var feed = new JobFeed(api, fitted.Campaign, time);
        string[] names = [BenchPrograms.Redis, BenchPrograms.Mta];
        var before = names.ToDictionary(name => name, programs.Usage);
        var own = ProcessUsage.Own();
        var accepted = 0L;
        await _steps.RunAsync("Accepting", options.Messages, () => feed.Accepted, async () => accepted = options.Streamed
            ? await feed.StreamAsync(options.Messages, start: false, stop.Token)
            : await feed.SubmitAsync(options.Messages, stop.Token));
        var cpu = names.ToDictionary(name => name, name => Since(before[name], programs.Usage(name)));
        cpu["bench"] = Math.Round(ProcessUsage.Own().CpuSeconds - own.CpuSeconds, 2);
        return Result(fitted, feed, accepted, cpu, programs);
    }

    /// <summary>What both measurements tell; the sending is 0 until it is filled in.</summary>
    private SendResult Result(FittedCampaign fitted, JobFeed feed, long accepted, Dictionary<string, double> cpu, BenchPrograms programs)
    {
        var seconds = Seconds(feed.Begin, accepted);
        return new SendResult
        {
            MessagesPerSecond = 0,
            Seconds = seconds,
            SentSeconds = 0,
            PublishedSeconds = 0,
            Messages = options.Messages,
            SizeBytes = fitted.MeanBytes,
            AskedSizeBytes = options.SizeBytes,
            Connections = options.Connections ?? SendOptions.DefaultConnections,
            WarmUpMessages = options.WarmUp,
            Streamed = options.Streamed,
            WithAggregator = options.WithAggregator,
            AcceptSeconds = seconds,
            AcceptPerSecond = Math.Round(feed.Accepted / seconds, 1),
            Delivered = 0,
            OtherOutcomes = 0,
            CpuSeconds = cpu,
            CpuMicrosecondsPerMessage = Math.Round(cpu[BenchPrograms.Mta] * 1e6 / options.Messages, 1),
            MtaPeakRssBytes = programs.Usage(BenchPrograms.Mta).PeakRssBytes,
            Machine = MachineFigures.Read(),
        };
    }

    private static long Events(FittedCampaign fitted, long messages, bool streamed) =>
        2 * messages + fitted.EventsPerJob * (streamed ? 1 : (messages + SendOptions.PerCall - 1) / SendOptions.PerCall);

    /// <exception cref="LaunchException">It is another process now: it died on the way.</exception>
    private static double Since(ProcessUsage before, ProcessUsage now) => now.Process == before.Process
        ? Math.Round(now.CpuSeconds - before.CpuSeconds, 2)
        : throw new LaunchException("a program ended during the measurement and was started again: see the logs", ExitCodes.Failure);

    private double Seconds(long from, long to) => Math.Round(time.GetElapsedTime(from, to).TotalSeconds, 3);
}
