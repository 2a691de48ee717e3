using System.Text.RegularExpressions;
using Delivery.Contracts.Events;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Spool;

/// <summary>What an acknowledgement of the Mta is worth when it is killed.</summary>
public sealed partial class CrashTests
{
    [Fact]
    public async Task Killed_in_the_middle_every_recipient_has_one_outcome_and_every_copy_is_named()
    {
        const int Recipients = 1_500;
        await using var mta = await MtaFixture.StartAsync(("Mta__MaxInFlight", "128"));
        var id = await mta.SubmitAsync(MtaFixture.Job(Recipients));
        for (var round = 1; round <= 3; round++)
        {
            var enough = round * Recipients / 5;
            await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= enough, "some of it was sent");
            await mta.Program.KillAsync();
            await mta.Program.LaunchAsync();
        }

        var status = await mta.FinishedAsync(id, TimeSpan.FromMinutes(1));

        Assert.Equal(Recipients, status.GetProperty("delivered").GetInt64());
        var copies = mta.Peer.Messages.GroupBy(message => message.Recipient).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Equal(Recipients, copies.Count);
        var twice = copies.Values.Where(messages => messages.Count > 1).ToList();
        Assert.True(twice.Count <= status.GetProperty("uncertain").GetInt64(), "a copy that is not named");
        Assert.All(twice, messages => Assert.Single(messages.Select(message => MessageId().Match(message.Text).Value).Distinct()));
        await Eventually.HoldsAsync(
            async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)EventKind.Delivered) == Recipients, "every outcome is in the stream");
        var records = await mta.RecordsAsync();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (ulong)number), records.Select(record => record.Number));
        Assert.Equal(Recipients, records.Where(record => record.Kind == (byte)EventKind.Delivered).Select(record => record.Recipient).Distinct().Count());
        Assert.Equal(Recipients, records.Count(record => record.Kind == (byte)EventKind.Accepted));
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_goes_on_without_a_copy()
    {
        const int Recipients = 1_500;
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.SubmitAsync(MtaFixture.Job(Recipients));
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count >= 200, "some of it was sent");

        Assert.Equal(0, await mta.Program.StopAsync());
        await mta.Program.LaunchAsync();
        var status = await mta.FinishedAsync(id, TimeSpan.FromMinutes(1));

        Assert.Equal(Recipients, status.GetProperty("delivered").GetInt64());
        Assert.Equal(0, status.GetProperty("uncertain").GetInt64());
        Assert.Equal(Recipients, mta.Peer.Messages.Count);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_costs_its_own_recipient_and_nobody_else()
    {
        await using var mta = await MtaFixture.StartAsync();
        mta.Peer.Script = exchange => exchange.Step == SmtpStep.Rcpt ? "450 4.2.0 later" : null;
        var id = await mta.SubmitAsync(MtaFixture.Job(6));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).GetProperty("deferred").GetInt64() == 6, "all were tried once");
        await mta.Program.StopAsync();
        mta.Spool("UPDATE recipient SET substitution_data = x'7b2261' WHERE ordinal < 3");
        mta.Peer.Script = null;
        await mta.Program.LaunchAsync();

        var status = await mta.FinishedAsync(id);

        Assert.Equal(3, status.GetProperty("dropped").GetInt64());
        Assert.Equal(3, status.GetProperty("delivered").GetInt64());
        Assert.Equal(5, (await mta.FinishedAsync(await mta.SubmitAsync(MtaFixture.Job(5)))).GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task A_second_Mta_on_the_same_spool_is_refused_in_one_line()
    {
        await using var mta = await MtaFixture.StartAsync();
        var (code, output) = await ProgramProcess.RunAsync("Mta", new Dictionary<string, string>
        {
            ["Mta__Url"] = "http://127.0.0.1:0",
            ["Mta__Spool"] = mta.Folder("spool"),
            ["Mta__KeysFile"] = mta.Folder("keys.json"),
            ["Redis__Address"] = mta.Redis.Address,
        });

        Assert.Equal(2, code);
        Assert.Contains("in use by another Mta", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_stops_the_start_by_its_name()
    {
        var (code, output) = await ProgramProcess.RunAsync("Mta", new Dictionary<string, string> { ["Mta__Colour"] = "blue" });

        Assert.Equal(2, code);
        Assert.Contains("Colour", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("^Message-ID: .*$", RegexOptions.Multiline)]
    private static partial Regex MessageId();
}
