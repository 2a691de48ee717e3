using System.Globalization;
using System.Net.Sockets;
using Delivery.Cli.Bench.Compare;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Chunking;

/// <summary>The whole product against one server over a line of each length, with PIPELINING and with CHUNKING in turns.</summary>
internal sealed class ChunkingRun(ChunkingOptions options, TimeProvider time, StopSignal stop)
{
    /// <summary>Without a delay a measurement would be over before it begins.</summary>
    private const int MoreWithoutDelay = 10;
    private const int WarmUp = 500;

    public async Task<ChunkingResult> RunAsync(string folder)
    {
        await using var sink = options.Smtp is null ? new ChunkingSink() : null;
        var server = options.Smtp ?? new HostAndPort("127.0.0.1", sink!.Port);
        var fitted = await Sender(server, chunking: false, 1).FitAsync(Path.Combine(folder, "size"));
        var rows = new List<ChunkingRow>();
        foreach (var delay in options.DelaysMs)
            rows.AddRange(await RowsAsync(fitted, server, delay, folder));
        return new ChunkingResult(
            options.Smtp?.ToString() ?? "sink", options.Connections, options.InFlight, fitted.MeanBytes, options.Rounds, rows, MachineFigures.Read());
    }

    private async Task<ChunkingRow[]> RowsAsync(FittedCampaign fitted, HostAndPort server, int delay, string folder)
    {
        await using var proxy = delay > 0
            ? new DelayProxy(socket => socket.ConnectAsync(server.Host, server.Port, stop.Token).AsTask(), TimeSpan.FromMilliseconds(delay / 2.0), time)
            : null;
        var address = proxy is null ? server : new HostAndPort("127.0.0.1", proxy.Port);
        var messages = options.Messages * (delay == 0 ? MoreWithoutDelay : 1);
        var results = new Dictionary<bool, List<SendResult>> { [false] = [], [true] = [] };
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (chunking, list) in results)
            {
                var data = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{delay}-{round}-{(chunking ? "chunking" : "pipelining")}"));
                var result = await Sender(address, chunking, messages).RunAsync(fitted, data);
                if (result.OtherOutcomes > 0)
                    throw new LaunchException($"{result.OtherOutcomes} of {messages} recipients were not delivered to", ExitCodes.Failure);
                list.Add(result);
                Directory.Delete(data, recursive: true);
            }
        }

        return [.. results.Select(pair => Row(delay, pair.Key, messages, pair.Value))];
    }

    private ChunkingRow Row(int delay, bool chunking, long messages, List<SendResult> results)
    {
        var rate = CompareFigure.Of([.. results.Select(result => messages / result.SentSeconds)]);
        var cpu = CompareFigure.Of([.. results.Select(result => result.CpuMicrosecondsPerMessage)]);
        double? perRoundTrip = delay == 0 ? null : Math.Round(rate.Median * delay / 1000 / options.Connections, 2);
        return new ChunkingRow(delay, chunking, messages, rate, perRoundTrip, cpu.Median);
    }

    private SendRun Sender(HostAndPort server, bool chunking, long messages) => new(
        new SendOptions
        {
            Smtp = server,
            Messages = messages,
            SizeBytes = options.SizeBytes,
            Connections = options.Connections,
            WarmUp = WarmUp,
            Settings = new Dictionary<string, string>
            {
                ["Mta__Smtp__Chunking"] = chunking ? "Auto" : "Never",
                ["Mta__Smtp__ChunkingMinRoundTrip"] = "00:00:00",
                ["Mta__Smtp__ChunkingMaxInFlight"] = options.InFlight.ToString(CultureInfo.InvariantCulture),
            },
        },
        time, stop);
}
