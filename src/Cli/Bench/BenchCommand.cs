using System.CommandLine;
using Delivery.Cli.Bench.Chunking;
using Delivery.Cli.Bench.Compare;
using Delivery.Cli.Bench.Reports;
using Delivery.Cli.Bench.Rollup;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Bench.Track;

namespace Delivery.Cli.Bench;

/// <summary><c>delivery bench</c>.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measures the programs on this machine; docs/performance.md says how.")
    {
        SendCommand.Create(),
        CompareCommand.Create(),
        ChunkingCommand.Create(),
        TrackCommand.Create(),
        RollupCommand.Create(),
        ReportsCommand.Create(),
        BareHttp.Create(),
    };
}
