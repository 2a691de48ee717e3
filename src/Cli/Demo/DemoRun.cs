using System.Collections;
using Delivery.Cli.Api;
using Delivery.Cli.Demo.Campaign;
using Delivery.Cli.Demo.Readers;
using Delivery.Cli.Demo.Results;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Contracts.Settings;
using Spectre.Console;

namespace Delivery.Cli.Demo;

/// <summary>One demo, from an empty folder to the compared report: start, submit, deliver, read, report.</summary>
internal sealed class DemoRun(DemoOptions options, TimeProvider time, StopSignal stop)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StatusPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeliveryDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PerRecipient = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportDeadline = TimeSpan.FromSeconds(60);
    private readonly DemoOutputs _outputs = new(options);
    private readonly Capture _capture = new(options.Recipients, time);
    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly StepProgress _steps = new(AnsiConsole.Console, time);

    /// <returns>0 when ClickHouse shows what the readers did, 1 when it does not.</returns>
    public async Task<int> RunAsync()
    {
        var begin = time.GetTimestamp();
        _outputs.Check();
        var parent = Path.Combine(Programs.Root, ".delivery");
        EarlierDemos.RemoveKilled(parent, time.GetUtcNow());
        var data = Path.Combine(parent, EarlierDemos.NameNow(time.GetUtcNow(), Environment.ProcessId, options.Keep));
        var code = ExitCodes.Failure;
        try
        {
            Installation? started = null;
            await _steps.RunAsync("Starting Redis, ClickHouse, Aggregator, Tracker and Mta", 1, () => 0, async () => started = await StartAsync(data));
            await using var installation = started!;
            stop.AtOnce = installation.Kill;
            (code, var job) = await SendAndReadAsync(installation, begin);
            if (options.Keep)
                await KeepAsync(installation, job);
        }
        finally
        {
            if (code == ExitCodes.Success || stop.Token.IsCancellationRequested)
                Remove(data);
            else if (Directory.Exists(data))
                await Console.Error.WriteLineAsync($"delivery: the logs are in {Path.Combine(data, "logs")}");
        }

        return code;
    }

    private Task<Installation> StartAsync(string data)
    {
        // The demo is the same whatever the operator's environment says.
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name == SettingsFile.Variable || SettingsFile.Sections.Any(section => name.StartsWith(section + "__", StringComparison.OrdinalIgnoreCase)))
                Environment.SetEnvironmentVariable(name, null);
        }

        var sources = SettingSources.Read(new Dictionary<UpSetting, string>(), new Hashtable());
        var up = new UpOptions
        {
            Data = data,
            KeepMail = options.Keep,
            Ports = options.PortBase is { } first ? PortPlan.FromBase(first) : PortPlan.Free(),
            Fixed = ReadersAtOnce,
        };
        return Installation.StartAsync(up, sources, new Notices(Console.Error), time, stop.Token, _capture.AddAsync);
    }

    /// <summary>The demo's readers read as the mail comes, which people do not: the rules that know scanners by that are off.</summary>
    private static readonly Dictionary<string, string> ReadersAtOnce = new()
    {
        ["Tracker__Classification__ClickTooSoon"] = "00:00:00",
        ["Tracker__Classification__OpenTooSoon"] = "00:00:00",
        ["Aggregator__Hindsight__Enabled"] = "false",
    };

    private async Task<(int Code, string Job)> SendAndReadAsync(Installation installation, long begin)
    {
        var addresses = installation.Addresses;
        var campaign = ExampleCampaign.Load();
        var customers = CustomerBook.Take(options.Recipients);
        var body = JobRequest.Write(campaign, customers);
        using var jobs = new JobApi(addresses.Mta, addresses.ApiKey!);
        var submitted = time.GetTimestamp();
        var (job, accepted) = await jobs.SubmitAsync(body, Guid.NewGuid().ToString("N"), stop.Token);
        await _steps.RunAsync("Delivering", accepted, () => _capture.Count, () => DeliveredAsync(jobs, job, accepted));

        var messages = _capture.TakeAll();
        using var room = new ReadingRoom(campaign, customers, addresses.Tracker);
        var read = 0L;
        await _steps.RunAsync("Reading", messages.Count, () => Interlocked.Read(ref read), () => room.ReadAsync(messages, () => Interlocked.Increment(ref read), stop.Token));

        var expected = room.Tally.Figures() with { Job = job, Recipients = options.Recipients };
        using var analyst = new Analyst(addresses.ClickHouse);
        using var reports = new JobApi(addresses.Reports, addresses.ApiKey!);
        var (figures, report) = (expected, (JobFigures?)null);
        await _steps.RunAsync("Counting", 1, () => 0, async () => (figures, report) = await ReportedAsync(analyst, reports, job, expected));
        var result = new DemoResult
        {
            Job = job,
            Recipients = figures.Recipients,
            Delivered = figures.Delivered,
            Opens = figures.Opens,
            Clicks = figures.Clicks,
            Unsubscribes = figures.Unsubscribes,
            Links = figures.Links,
            Expected = expected,
            Seconds = new DemoSeconds(
                Seconds(begin, submitted), _capture.First == 0 ? -1 : Seconds(submitted, _capture.First),
                _capture.First == 0 ? -1 : Seconds(submitted, _capture.Last), Seconds(submitted, time.GetTimestamp())),
        };
        IReadOnlyList<string> differences =
        [
            .. figures.DifferencesTo("ClickHouse", expected),
            .. report?.DifferencesTo("the report", expected) ?? ["the report is not there"],
        ];
        var same = ReportView.Write(_console, result, differences, room.Tally);
        var unwritten = _outputs.Write(result, messages);
        foreach (var fault in unwritten)
            await Console.Error.WriteLineAsync("delivery: " + fault);
        return (same && unwritten.Count == 0 ? ExitCodes.Success : ExitCodes.Failure, job);
    }

    /// <summary>Returns when the sink has them all, when every recipient has an outcome, or at the deadline.</summary>
    private async Task DeliveredAsync(JobApi jobs, string job, int accepted)
    {
        var begin = time.GetTimestamp();
        var asked = begin;
        while (_capture.Count < accepted && time.GetElapsedTime(begin) < DeliveryDeadline + PerRecipient * accepted)
        {
            if (time.GetElapsedTime(asked) > StatusPoll)
            {
                asked = time.GetTimestamp();
                using var status = await jobs.GetAsync($"/v1/jobs/{job}", stop.Token);
                if (status is not null && JobStatusText.Finished(status.RootElement) >= accepted)
                    return;
            }

            await Task.Delay(Poll, time, stop.Token);
        }
    }

    /// <summary>
    /// What ClickHouse's raw events give and what the report says, once both agree with the readers, or the last of them before the deadline.
    /// </summary>
    private async Task<(JobFigures Raw, JobFigures? Report)> ReportedAsync(Analyst analyst, JobApi reports, string job, JobFigures expected)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            var late = time.GetElapsedTime(begin) > ReportDeadline;
            var raw = await analyst.AskAsync(job, stop.Token);
            if (late || raw.DifferencesTo("ClickHouse", expected).Count == 0)
            {
                using var answer = await reports.GetAsync($"/v1/jobs/{job}/report", stop.Token);
                var report = answer is null ? null : ReportFigures.Read(answer.RootElement);
                if (late || report?.DifferencesTo("the report", expected).Count == 0)
                    return (raw, report);
            }

            await Task.Delay(ReportPoll, time, stop.Token);
        }
    }

    private async Task KeepAsync(Installation installation, string job)
    {
        NextSteps.Write(_console, installation.Addresses, installation.Data, job);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private double Seconds(long from, long to) => Math.Round(time.GetElapsedTime(from, to).TotalSeconds, 3);

    private static void Remove(string data)
    {
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }
}
