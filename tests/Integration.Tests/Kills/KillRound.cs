using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>One job under a killer, from its submission to the moment when nothing moves any more.</summary>
internal sealed class KillRound(KillLine line, SinkLedger sink, KillPlan plan, int number, Timeline timeline, Violations violations)
{
    private static readonly TimeSpan LeastKilling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MostKilling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SubmitLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(1);

    public string Campaign { get; } = $"round{number}";

    public string Job { get; private set; } = "";

    public int Recipients { get; } = KillOptions.Recipients;

    public Killer Killer { get; } = new(line, plan.Seed + number, plan.Gentle, timeline, violations);

    public Readers Readers { get; } = new($"round{number}", plan.Seed + number, line.Tracker, violations);

    /// <summary>False where it did not come to rest; that is a violation then.</summary>
    public async Task<bool> RunAsync()
    {
        timeline.Add($"==== {Campaign}, seed {plan.Seed}");
        sink.Faults = plan.Faults ? Fault : null;
        sink.Arrived = Readers.Receive;
        using var stopKilling = new CancellationTokenSource();
        using var stopReading = new CancellationTokenSource();
        var reading = Readers.RunAsync(stopReading.Token);
        var killing = Task.CompletedTask;
        try
        {
            var submitting = SubmitAsync();
            await Killer.StrikeWithinAsync("mta", TimeSpan.FromSeconds(1));
            await Killer.StrikeWithinAsync("mta", TimeSpan.FromSeconds(4));
            if (!await submitting)
                return false;
            killing = Killer.RunAsync(stopKilling.Token);
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < MostKilling && (watch.Elapsed < LeastKilling || !await IsFinishedAsync() || !Readers.AreDone))
                await Task.Delay(100);
            await stopKilling.CancelAsync();
            await killing;
            timeline.Add("the killing is over");
            return await SettleAsync();
        }
        finally
        {
            await stopKilling.CancelAsync();
            await killing;
            await stopReading.CancelAsync();
            await reading;
        }
    }

    /// <summary>What the sink does to a recipient of this round: 1 % are put off, 0.5 % refused, 0.3 % left without an answer.</summary>
    public SinkFault Fault(string recipient)
    {
        if (!plan.Faults)
            return SinkFault.None;
        var chance = new Random(unchecked((plan.Seed * 7_919) + Readers.Ordinal(recipient))).Next(1_000);
        return chance < 10 ? SinkFault.PutsOff : chance < 15 ? SinkFault.Refuses : chance < 18 ? SinkFault.LeavesUnanswered : SinkFault.None;
    }

    /// <summary>As an upstream app does it: the same request under the same key until it is answered 202.</summary>
    private async Task<bool> SubmitAsync()
    {
        var job = Encoding.UTF8.GetBytes(ExampleJob.Json(Recipients, Campaign));
        var watch = Stopwatch.StartNew();
        var last = "";
        for (var attempt = 1; watch.Elapsed < SubmitLimit; attempt++)
        {
            try
            {
                using var answer = await line.SubmitAsync(job, $"{Campaign}-{plan.Seed}", TimeSpan.FromSeconds(30));
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    var accepted = JsonDocument.Parse(text).RootElement;
                    Job = accepted.GetProperty("id").GetString()!;
                    timeline.Add($"attempt {attempt}: job {Job} accepted{(answer.Headers.Contains("X-Idempotent-Replayed") ? ", as before" : "")}");
                    violations.Check(accepted.GetProperty("accepted").GetInt32() == Recipients, $"the job was accepted as {text}");
                    return true;
                }

                violations.Check(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"the job was answered {(int)answer.StatusCode}: {text}");
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                last = e.Message;
            }

            await Task.Delay(100);
        }

        violations.Add($"the job was not accepted within {SubmitLimit.TotalSeconds} s: {last}");
        return false;
    }

    private async Task<bool> IsFinishedAsync()
    {
        try
        {
            return (await line.StatusAsync(Job)).GetProperty("state").GetString() == "finished";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits until every queue on the way is empty and the number of events stays the same.</summary>
    private async Task<bool> SettleAsync()
    {
        var watch = Stopwatch.StartNew();
        var left = "";
        string? before = null;
        var same = Stopwatch.StartNew();
        while (watch.Elapsed < SettleLimit)
        {
            try
            {
                left = await LeftAsync();
                var now = left.Length > 0 ? null : (await line.QueryAsync("SELECT count() FROM events"))[0][0];
                if (now is not null && now == before && same.Elapsed >= Stable)
                {
                    timeline.Add($"at rest after {watch.Elapsed.TotalSeconds:F1} s");
                    return true;
                }

                if (now is null || now != before)
                    same.Restart();
                before = now;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or Microsoft.Data.Sqlite.SqliteException or Xunit.Sdk.XunitException)
            {
                left = e.Message;
            }

            await Task.Delay(100);
        }

        violations.Add($"not at rest {SettleLimit.TotalSeconds} s after the killing: {left}");
        return false;
    }

    /// <summary>What still moves, or nothing.</summary>
    private async Task<string> LeftAsync()
    {
        var status = await line.StatusAsync(Job);
        if (status.GetProperty("state").GetString() != "finished")
            return $"the job: {status}";
        if (!Readers.AreDone)
            return "the readers read";
        if (line.Spool.OutboxEntries() is > 0 and var outbox)
            return $"{outbox} entries in the outbox";
        if (await line.TrackerWaitsAsync() is > 0 and var waiting)
            return $"{waiting} events in the tracker";
        return await line.StreamLengthAsync("entries") is > 0 and var entries ? $"{entries} entries in the stream" : "";
    }
}
