using System.Diagnostics;

namespace Delivery.Integration.Tests.Kills;

/// <summary>
/// Strikes random programs at random moments and starts each again after a while. What it draws follows from the seed alone;
/// at which point of its work a program is struck does not.
/// </summary>
internal sealed class Killer
{
    private const int Sigkilled = 128 + 9;
    private const int Sigtermed = 128 + 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    /// <summary>How often a program that was started is spared until it works; else it may be struck while it starts.</summary>
    private const double Spared = 0.75;
    private readonly Random _random;
    private readonly bool _gentle;
    private readonly Timeline _timeline;
    private readonly Violations _violations;

    /// <param name="gentle">SIGTERM only.</param>
    public Killer(KillLine line, int seed, bool gentle, Timeline timeline, Violations violations)
    {
        _random = new Random(seed);
        _gentle = gentle;
        _timeline = timeline;
        _violations = violations;
        Victims = [.. line.Programs.Select(program => new Victim(program, line.PortOf(program)))];
    }

    public IReadOnlyList<Victim> Victims { get; }

    public Victim this[string name] => Victims.Single(victim => victim.Program.Name == name);

    /// <summary>Strikes until <paramref name="stop"/>; returns when every program runs again.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var strikes = new List<Task>();
        while (true)
        {
            var pause = Between(0.3, 3);
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                break;
            var together = _random.NextDouble() < 0.2 ? 2 : 1;
            for (var i = 0; i < together; i++)
                strikes.Add(DrawAsync());
            Revive();
        }

        await Task.WhenAll(strikes);
        Revive();
    }

    /// <summary>Strikes one that is named, after a pause of up to <paramref name="within"/>.</summary>
    public Task StrikeWithinAsync(string name, TimeSpan within) =>
        StrikeAsync(this[name], _gentle, Between(0, within.TotalSeconds), Between(0, 2), spared: true);

    private Task DrawAsync()
    {
        var victim = Victims[_random.Next(Victims.Count)];
        var stops = _random.NextDouble() < 0.2;
        return StrikeAsync(victim, stops || _gentle, TimeSpan.Zero, Between(0, 2), _random.NextDouble() < Spared);
    }

    private async Task StrikeAsync(Victim victim, bool stops, TimeSpan before, TimeSpan down, bool spared)
    {
        if (victim.IsBusy)
            return;
        victim.IsBusy = true;
        await Task.Delay(before);
        var program = victim.Program;
        var alreadyDead = !program.IsRunning;
        var isUp = await victim.ListensAsync();
        if (stops)
        {
            _timeline.Add($"SIGTERM to {program.Name}");
            var (code, took) = await program.StopAsync(StopLimit);
            victim.Stopped(took);
            _timeline.Add($"{program.Name} ended with {code} after {took.TotalSeconds:F1} s");
            _violations.Check(
                alreadyDead || code == 0 || (code == Sigtermed && !isUp),
                $"{program.Name} ended with {(code is null ? "nothing within 30 s" : code)} after SIGTERM{(isUp ? "" : " while it started")}");
        }
        else
        {
            victim.Killed();
            var code = await program.KillAsync();
            _timeline.Add($"killed {program.Name}");
            _violations.Check(code == Sigkilled, $"{program.Name} had ended by itself with {code}");
        }

        await Task.Delay(down);
        program.Start();
        _timeline.Add($"started {program.Name}");
        var watch = Stopwatch.StartNew();
        while (spared && program.IsRunning && watch.Elapsed < StartLimit && !await victim.ListensAsync())
            await Task.Delay(50);
        if (spared)
            _timeline.Add($"{program.Name} is up after {watch.Elapsed.TotalSeconds:F1} s");
        _violations.Check(watch.Elapsed < StartLimit, $"{program.Name} did not start within {StartLimit.TotalSeconds} s");
        victim.IsBusy = false;
    }

    /// <summary>A program that ended by itself is a violation, and is started again so that the round can go on.</summary>
    private void Revive()
    {
        foreach (var victim in Victims)
        {
            if (victim.IsBusy || victim.Program.IsRunning)
                continue;
            _violations.Add($"{victim.Program.Name} ended by itself");
            victim.Program.Start();
        }
    }

    private TimeSpan Between(double least, double most) => TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least)));
}
