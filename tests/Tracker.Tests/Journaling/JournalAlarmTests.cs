using Delivery.Testing;

namespace Delivery.Tracker.Tests.Journaling;

public sealed class JournalAlarmTests
{
    [Fact]
    public async Task A_filling_journal_is_told_of_at_50_80_and_95_percent_once_each_and_before_anything_is_dropped()
    {
        await using var all = await TrackerInstallation.StartAsync(("JournalMaxBytes", "65536"), ("JournalSegmentBytes", "8192"));
        await all.Redis.KillAsync();
        await UntilAsync(all, 50);
        await all.ClickAsync(20);
        Assert.Equal(0, Lines(all, 80));
        Assert.Contains("of Tracker:JournalMaxBytes", (await all.StatusAsync()).GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        await UntilAsync(all, 80);
        await UntilAsync(all, 95);
        Assert.Equal(0, (await all.StatusAsync()).GetProperty("dropped").GetInt64());
        await all.ClickAsync(60);
        Assert.True((await all.StatusAsync()).GetProperty("dropped").GetInt64() > 0);
        Assert.Equal((1, 1, 1), (Lines(all, 50), Lines(all, 80), Lines(all, 95)));
    }

    [Fact]
    public async Task A_disk_that_will_be_full_before_the_journal_is_is_told_of_at_the_start()
    {
        await using var all = await TrackerInstallation.StartAsync(("JournalMaxBytes", "1099511627776"));
        var status = await all.StatusAsync();
        if (status.GetProperty("journal_disk_free_bytes").GetInt64() >= 1_099_511_627_776)
            return;
        await Eventually.HoldsAsync(() => all.Tracker.Output.Any(line => line.Contains("disk has", StringComparison.Ordinal)), "the log says so");
        await Eventually.HoldsAsync(
            async () => (await all.StatusAsync()).GetProperty("notes").EnumerateArray().Any(n => n.GetString()!.Contains("disk", StringComparison.Ordinal)),
            "the status says so");
        Assert.Equal(0, all.Unanswered);
    }

    private static async Task UntilAsync(TrackerInstallation all, int percent)
    {
        for (var i = 0; i < 600 && Lines(all, percent) == 0; i++)
            await all.ClickAsync(1);
        Assert.Equal(1, Lines(all, percent));
    }

    private static int Lines(TrackerInstallation all, int percent) =>
        all.Tracker.Output.Count(line => line.Contains($"The journal has passed {percent}%", StringComparison.Ordinal));
}
