using System.Diagnostics;
using Delivery.Testing;
using Xunit.Abstractions;

namespace Delivery.Integration.Tests.Kills;

/// <summary>
/// The whole line as real processes, killed and stopped at random while a job of 20,000 recipients is sent and read, held to ledgers that
/// are kept outside of it: what the job API accepted, what the sink took, what readers were answered. See docs/operations.md.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    public Task Killed_at_any_moment_it_loses_nothing_and_counts_nothing_twice(string fsync) =>
        RunAsync(new KillPlan($"kill-{fsync}", KillOptions.Seed, Gentle: false, Faults: false, fsync));

    [Fact]
    public Task Killed_while_the_relay_fails_each_recipient_still_has_one_outcome() =>
        RunAsync(new KillPlan("fail", KillOptions.Seed, Gentle: false, Faults: true));

    [Fact]
    public Task Stopped_at_any_moment_it_sends_nothing_twice_and_is_quick() =>
        RunAsync(new KillPlan("stop", KillOptions.Seed, Gentle: true, Faults: false));

    private async Task RunAsync(KillPlan plan)
    {
        var folder = MakeFolder(plan);
        output.WriteLine($"DELIVERY_KILL_SEED={plan.Seed}, folder {folder}");
        using var timeline = new Timeline(Path.Combine(folder, "timeline.log"));
        var violations = new Violations(timeline);
        await using (var sink = new SinkLedger(Path.Combine(folder, "sink.log")))
        await using (var line = new KillLine(folder, sink.Port, plan.Fsync))
        {
            await line.StartAsync();
            var watch = Stopwatch.StartNew();
            for (var number = 1; number == 1 || (number <= KillOptions.Rounds && watch.Elapsed < KillOptions.Budget); number++)
            {
                if (!await RunRoundAsync(line, sink, plan, number, timeline, violations))
                    break;
            }
        }

        if (violations.Count > 0)
            Assert.Fail($"DELIVERY_KILL_SEED={plan.Seed}; logs, ledgers and data are in {folder}\n{violations}");
        if (KillOptions.Folder is null)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>False where there is no use in going on.</summary>
    private static async Task<bool> RunRoundAsync(KillLine line, SinkLedger sink, KillPlan plan, int number, Timeline timeline, Violations violations)
    {
        var round = new KillRound(line, sink, plan, number, timeline, violations);
        var rested = await round.RunAsync();
        foreach (var victim in round.Killer.Victims)
            timeline.Add($"{victim.Program.Name}: {victim.Kills} kills, {victim.Stops} stops, the longest {victim.LongestStop.TotalSeconds:F1} s");
        if (round.Job.Length == 0)
            return false;
        await new OutcomeCheck(line, sink, round, plan, timeline, violations).RunAsync();
        await new EventCheck(line, round, timeline, violations).RunAsync();
        await new RollupCheck(line, sink, round, timeline, violations).RunAsync();
        await new UnsubscribeCheck(line, sink, round, timeline, violations).RunAsync();
        timeline.Add($"{violations.Count} violations so far");
        return rested;
    }

    private static string MakeFolder(KillPlan plan)
    {
        var parent = KillOptions.Folder ?? Path.GetTempPath();
        var folder = Path.Combine(parent, $"delivery-{plan.Name}-{plan.Seed}-{Environment.ProcessId}");
        return Directory.CreateDirectory(folder).FullName;
    }
}
