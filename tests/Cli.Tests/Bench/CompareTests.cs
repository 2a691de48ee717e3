using Delivery.Cli.Up;

namespace Delivery.Cli.Tests.Bench;

[Collection(BenchRun.Collection)]
public sealed class CompareTests : IDisposable
{
    private readonly BenchRun _bench = new();

    public void Dispose() => _bench.Dispose();

    [PostfixFact]
    public async Task Three_senders_are_measured_against_the_same_sink()
    {
        var result = await _bench.RunAsync(
            ExitCodes.Success, "compare", "--messages", "100", "--sizes", "3000", "--rounds", "1", "--connections", "2", "--warm-up", "0");

        var row = Assert.Single(result.GetProperty("rows").EnumerateArray());
        Assert.InRange(row.GetProperty("size_bytes").GetInt32(), 2_900, 3_100);
        foreach (var sender in (string[])["socket_loop", "smtp_source", "send"])
            Assert.True(Assert.Single(row.GetProperty(sender).GetProperty("rounds").EnumerateArray()).GetDouble() > 0);
    }

    /// <summary>Skipped where Postfix's tools are not installed, as with <c>--quick</c>.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PostfixFactAttribute : FactAttribute
    {
        public PostfixFactAttribute()
        {
            if (!File.Exists(Path.Combine(Programs.Root, ".tools", "postfix", "usr/sbin/smtp-source")))
                Skip = "needs .tools/postfix";
        }
    }
}
