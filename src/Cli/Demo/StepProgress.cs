using System.Globalization;
using Spectre.Console;

namespace Delivery.Cli.Demo;

/// <summary>Shows the demo's steps: bars in a terminal, a line for each elsewhere.</summary>
internal sealed class StepProgress(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs one step; <paramref name="done"/> tells how much of <paramref name="total"/> is there.</summary>
    public async Task RunAsync(string title, long total, Func<long> done, Func<Task> step)
    {
        var begin = time.GetTimestamp();
        if (console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal)
            await BarAsync(title, total, done, step);
        else
            await step();
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        var count = total > 1 ? string.Create(CultureInfo.InvariantCulture, $" {done()}/{total}") : "";
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}:{count} in {seconds:0.0} s"));
    }

    private async Task BarAsync(string title, long total, Func<long> done, Func<Task> step) =>
        await console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(title, maxValue: total);
                bar.IsIndeterminate = total <= 1;
                var work = step();
                while (!work.IsCompleted)
                {
                    bar.Value = done();
                    await Task.WhenAny(work, Task.Delay(Refresh, time));
                }

                bar.Value = total;
                await work;
            });
}
