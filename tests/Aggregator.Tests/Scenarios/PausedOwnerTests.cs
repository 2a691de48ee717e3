using System.Diagnostics;
using Delivery.Testing;

namespace Delivery.Aggregator.Tests.Scenarios;

/// <summary>Real processes that stand still past their lease and go on.</summary>
[Collection(SharedStoresCollection.Name)]
[Trait("speed", "slow")]
public class PausedOwnerTests(SharedStores stores)
{
    private const int Rounds = 10;

    /// <summary>
    /// Two programs; whoever may own the shard is stopped at a random moment, the lease runs out (its key is deleted), the other goes on
    /// with what was left, then the first wakes up in the middle of whatever it did.
    /// </summary>
    [Fact]
    public async Task Two_programs_of_which_one_is_stopped_and_wakes_up_again_and_again_count_exactly()
    {
        await using var installation = await stores.InstallAsync();
        var random = new Random(71);
        var traffic = new Traffic(71);
        var producer = installation.NewProducer(1);
        ChildProcess[] programs =
        [
            ChildProcess.Start("Aggregator", installation.Settings("00:00:01")),
            ChildProcess.Start("Aggregator", installation.Settings("00:00:01")),
        ];
        try
        {
            await producer.PublishAsync(traffic.More(100));
            await installation.DrainedAsync(TimeSpan.FromSeconds(60));
            for (var round = 0; round < Rounds; round++)
            {
                var owner = (string?)await installation.Redis.StringGetAsync(installation.Names.Key("lease")) ?? "";
                var stopped = Array.FindIndex(programs, program => owner.Contains($"/{program.Id}/", StringComparison.Ordinal));
                stopped = stopped < 0 ? round % 2 : stopped;
                var publishing = producer.PublishAsync(traffic.More(2_000), perEntry: 100);
                await Task.Delay(random.Next(60));
                await SignalAsync("STOP", programs[stopped]);
                await publishing;
                await installation.Redis.KeyDeleteAsync(installation.Names.Key("lease"));
                var (seen, wanted) = (0UL, (ulong)traffic.All.Count);
                if (round % 2 == 0)
                {
                    await Eventually.HoldsAsync(
                        async () => (seen = await installation.NumberAsync("SELECT count() FROM events")) >= wanted, "the other one has all", TimeSpan.FromSeconds(60));
                }

                await SignalAsync("CONT", programs[stopped]);
            }

            await installation.DrainedAsync(TimeSpan.FromSeconds(60));
            await Count.AgreesAsync(installation, traffic.All);
            Assert.Empty(await installation.NewVerifier().FindDifferingAsync(Traffic.Jobs, default));
            Assert.True(await installation.NumberAsync("SELECT max(number) FROM shard_fences") > Rounds / 2);
        }
        finally
        {
            foreach (var program in programs)
            {
                await SignalAsync("CONT", program);
                await program.KillAsync();
            }
        }
    }

    private static async Task SignalAsync(string signal, ChildProcess program)
    {
        using var kill = Process.Start("kill", $"-{signal} {program.Id}");
        await kill.WaitForExitAsync();
    }
}
