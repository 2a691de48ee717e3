using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Journaling;

/// <summary>What becomes of a journal that is not as it was left.</summary>
public sealed class JournalTests
{
    [Theory]
    [InlineData("torn")]
    [InlineData("garbled")]
    [InlineData("zeroes")]
    public async Task Bytes_that_were_never_answered_for_at_the_end_are_left_out(string tail)
    {
        await using var all = await TrackerInstallation.StartAsync();
        await all.Redis.KillAsync();
        await all.ClickAsync(50);
        await all.Tracker.KillAsync();
        await AddTailAsync(Newest(all), tail);
        await all.Tracker.LaunchAsync(ready: false);
        await all.ClickAsync(10);
        await all.Redis.LaunchAsync();
        Assert.Equal(60, (await all.CheckAsync()).Count);
    }

    [Fact]
    public async Task A_number_that_redis_has_and_the_journal_lost_is_not_given_again()
    {
        await using var all = await TrackerInstallation.StartAsync();
        await all.ClickAsync(20);
        await all.Tracker.KillAsync();
        using (var file = new FileStream(Newest(all), FileMode.Open))
            file.SetLength(file.Length - 100);
        await all.Tracker.LaunchAsync();
        await all.ClickAsync(20);
        var events = await all.CheckAsync();
        Assert.Equal(40, events.Count);
        Assert.Equal(2, events.Select(e => e.Producer).Distinct().Count());
    }

    [Fact]
    public async Task A_journal_restored_from_an_older_copy_gives_no_number_again()
    {
        await using var all = await TrackerInstallation.StartAsync();
        await all.ClickAsync(10);
        await all.Tracker.StopAsync();
        var copies = Directory.GetFiles(all.Journal, "*.journal").ToDictionary(path => path, File.ReadAllBytes);
        await all.Tracker.LaunchAsync();
        await all.ClickAsync(10);
        await all.Tracker.StopAsync();
        foreach (var path in Directory.GetFiles(all.Journal, "*.journal"))
            File.Delete(path);
        foreach (var (path, bytes) in copies)
            await File.WriteAllBytesAsync(path, bytes);

        await all.Redis.KillAsync();
        await all.Tracker.LaunchAsync(ready: false);
        await all.ClickAsync(15);
        await all.Redis.LaunchAsync();
        await Eventually.HoldsAsync(async () => (await all.StatusAsync()).GetProperty("waiting").GetInt64() == 0, "all is published");
        await all.Tracker.KillAsync();
        await all.Tracker.LaunchAsync();
        await all.ClickAsync(5);
        var events = await all.CheckAsync();
        Assert.Equal(40, events.Count);
        Assert.Equal(2, events.Select(e => e.Producer).Distinct().Count());
    }

    [Fact]
    public async Task A_lost_folder_makes_the_tracker_another_producer()
    {
        await using var all = await TrackerInstallation.StartAsync();
        await all.ClickAsync(10);
        await all.Tracker.KillAsync();
        Directory.Delete(all.Journal, recursive: true);
        await all.Tracker.LaunchAsync();
        await all.ClickAsync(10);
        var events = await all.CheckAsync();
        Assert.Equal(20, events.Count);
        Assert.Equal(2, events.Select(e => e.Producer).Distinct().Count());
    }

    [Fact]
    public async Task A_stop_and_a_start_go_on_under_the_same_name()
    {
        await using var all = await TrackerInstallation.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await all.ClickAsync(5);
            Assert.Equal(0, await all.Tracker.StopAsync());
            await all.Tracker.LaunchAsync();
        }

        var events = await all.CheckAsync();
        Assert.Equal(15, events.Count);
        Assert.Single(events.Select(e => e.Producer).Distinct());
    }

    [Fact]
    public async Task A_second_tracker_on_the_same_folder_does_not_start_and_says_why()
    {
        await using var all = await TrackerInstallation.StartAsync();
        var (code, output) = await ProgramProcess.RunAsync("Tracker", all.Settings);
        Assert.Equal(2, code);
        Assert.Contains("Tracker:Journal: another tracker uses the folder", output, StringComparison.Ordinal);
        Assert.Contains("a folder of its own", output, StringComparison.Ordinal);
        await all.ClickAsync(1);
        await all.CheckAsync();
    }

    [Fact]
    public async Task While_the_disk_takes_nothing_redis_does_and_no_event_is_lost()
    {
        await using var all = await TrackerInstallation.StartAsync(("JournalSegmentBytes", "4096"));
        await all.ClickAsync(5);
        Directory.Delete(all.Journal, recursive: true);
        await all.ClickAsync(60);
        var status = await all.StatusAsync();
        Assert.True(status.GetProperty("journal_refuses").GetBoolean());
        Assert.Equal(0, status.GetProperty("dropped").GetInt64());
        Directory.CreateDirectory(all.Journal);
        await all.ClickAsync(20);
        Assert.False((await all.StatusAsync()).GetProperty("journal_refuses").GetBoolean());
        Assert.Equal(85, (await all.CheckAsync()).Count);
    }

    [Fact]
    public async Task A_hundred_thousand_events_are_replayed_in_little_memory_and_new_ones_stay_behind_them()
    {
        await using var all = await TrackerInstallation.StartAsync(("JournalSegmentBytes", "1048576"));
        await all.Tracker.StopAsync();
        JournalFiller.Fill(all.Journal, TrackerHost.Subject.Job, firstRecipient: 1_000_001, entries: 10_000, recordsEach: 10);
        all.Settings["DOTNET_GCHeapHardLimit"] = "0x3000000";
        await all.Tracker.LaunchAsync(ready: false);
        await all.ClickAsync(5);
        await Eventually.HoldsAsync(
            async () => await all.StatusAsync() is var s && s.GetProperty("waiting").GetInt64() == 0, "all is published", TimeSpan.FromSeconds(60));
        using var redis = await all.Redis.ConnectAsync();
        var events = await StreamEvent.ReadAllAsync(redis.GetDatabase(), all.Options);
        Assert.Equal(Enumerable.Range(1_000_001, 100_000).Concat(Enumerable.Range(1, 5)), events.Select(e => (int)e.Row.Recipient));
        Publishing.PublishingTests.AssertGapFree(events);
        Assert.InRange(events.Select(e => e.EntryId).Distinct().Count(), 1, 5_000);
        Assert.Equal(100_000, (await all.StatusAsync()).GetProperty("recovered").GetInt64());
    }

    private static string Newest(TrackerInstallation all) => Directory.GetFiles(all.Journal, "*.journal").Order(StringComparer.Ordinal).Last();

    /// <summary>What a write that was cut short leaves: part of an entry, or of a page.</summary>
    private static async Task AddTailAsync(string path, string tail)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        byte[] added = tail switch
        {
            "torn" => bytes[64..164],
            "garbled" => [.. bytes[48..].Select(b => (byte)(b ^ 0x5A))],
            _ => new byte[4096],
        };
        await File.WriteAllBytesAsync(path, [.. bytes, .. added]);
    }
}
