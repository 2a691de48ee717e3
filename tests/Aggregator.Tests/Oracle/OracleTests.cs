using System.Diagnostics;
using Delivery.Testing;
using Xunit.Abstractions;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>
/// Events as they come at their worst, counted by the product and by a program that shares nothing with it: every figure of every view
/// and of every report must be the same. See docs/operations.md.
/// </summary>
[Trait("speed", "slow")]
public sealed class OracleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_figure_is_what_an_independent_program_counts()
    {
        var folder = MakeFolder();
        output.WriteLine($"DELIVERY_ORACLE_SEED={OracleOptions.Seed} DELIVERY_ORACLE_EVENTS={OracleOptions.Events}, folder {folder}");
        var watch = Stopwatch.StartNew();
        var ledger = Directory.CreateDirectory(Path.Combine(folder, "ledger")).FullName;
        var expected = Directory.CreateDirectory(Path.Combine(folder, "expected")).FullName;
        var random = new Random(OracleOptions.Seed);
        var world = new OracleWorld(random, OracleOptions.Jobs, OracleOptions.Events);
        await using (var line = await OracleLine.StartAsync())
        {
            await PublishAsync(line, world, ledger, random);
            Lap("published and counted");
            await CountAsync(ledger, expected);
            Lap("counted by the oracle");
            var comparison = new OracleComparison(line, world, expected);
            await comparison.RunAsync();
            Lap($"{comparison.Rows} rows compared");
            if (comparison.Differences.Length > 0)
                Assert.Fail($"DELIVERY_ORACLE_SEED={OracleOptions.Seed}; ledger and expectations are in {folder}\n{comparison.Differences}");
        }

        if (OracleOptions.Folder is null)
            Directory.Delete(folder, recursive: true);

        void Lap(string what) => output.WriteLine($"{watch.Elapsed.TotalSeconds,7:F1} s  {what}");
    }

    private async Task PublishAsync(OracleLine line, OracleWorld world, string folder, Random random)
    {
        using var ledger = new OracleLedger(folder);
        ledger.File("reclassified.tsv");
        foreach (var account in OracleWorld.Accounts)
        {
            foreach (var key in OracleWorld.People)
                ledger.AddPerson(account, key);
        }

        var run = new OracleRun(line, world, ledger, random);
        await run.PublishAsync(OracleOptions.Events);
        output.WriteLine(run.Summary);
        var (found, expected) = await run.DeadLettersAsync();
        Assert.Equal(expected, found);
    }

    private async Task CountAsync(string ledger, string expected)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "Oracle", "oracle.py"), ledger, expected])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEndAsync();
        output.WriteLine(await python.StandardOutput.ReadToEndAsync());
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await error);
    }

    private static string MakeFolder()
    {
        var name = $"delivery-oracle-{OracleOptions.Seed}-{Environment.ProcessId}";
        return Directory.CreateDirectory(Path.Combine(OracleOptions.Folder ?? Path.GetTempPath(), name)).FullName;
    }
}
