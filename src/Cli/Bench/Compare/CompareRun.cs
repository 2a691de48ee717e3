using System.Globalization;
using System.Net;
using Delivery.Cli.Bench.Send;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;

namespace Delivery.Cli.Bench.Compare;

/// <summary>Three senders against one smtp-sink, in turns, so that what else the machine does meets all of them.</summary>
internal sealed class CompareRun(CompareOptions options, TimeProvider time, StopSignal stop)
{
    private const int LoopWarmUp = 2_000;

    public async Task<CompareResult> RunAsync(string folder)
    {
        var port = PortPlan.Free().Sink;
        await using var sink = new ChildGroup(Path.Combine(folder, "logs"), new Notices(Console.Error), time);
        await sink.StartAsync([BenchTools.SmtpSink(port)], stop.Token);
        var rows = new List<CompareRow>();
        foreach (var size in options.SizesBytes)
            rows.Add(await RowAsync(size, port, Path.Combine(folder, size.ToString(CultureInfo.InvariantCulture))));
        return new CompareResult(options.Connections, options.Rounds, rows, MachineFigures.Read());
    }

    private async Task<CompareRow> RowAsync(int size, int port, string folder)
    {
        var messages = options.MessagesOf(size);
        var send = new SendRun(
            new SendOptions
            {
                Smtp = new HostAndPort("127.0.0.1", port), Messages = messages, SizeBytes = size, Connections = options.Connections,
                WarmUp = (int)Math.Min(options.WarmUp, messages),
            },
            time, stop);
        var fitted = await send.FitAsync(Path.Combine(folder, "size"));
        var server = new IPEndPoint(IPAddress.Loopback, port);
        await WireSender.RunAsync(server, options.Connections, Math.Min(LoopWarmUp, messages), fitted.MeanBytes, time, stop.Token);
        var (loops, sources, sends) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            loops.Add(messages / await WireSender.RunAsync(server, options.Connections, messages, fitted.MeanBytes, time, stop.Token));
            sources.Add(messages / await BenchTools.SmtpSourceAsync(port, options.Connections, messages, fitted.MeanBytes, time, stop.Token));
            var data = Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture));
            var result = await send.RunAsync(fitted, data);
            if (result.OtherOutcomes > 0)
                throw new LaunchException($"{result.OtherOutcomes} of {messages} recipients were not delivered to", ExitCodes.Failure);
            sends.Add(result.MessagesPerSecond);
            Directory.Delete(data, recursive: true);
        }

        var (loop, source, sent) = (CompareFigure.Of(loops), CompareFigure.Of(sources), CompareFigure.Of(sends));
        return new CompareRow(fitted.MeanBytes, messages, loop, source, sent, Math.Round(sent.Median / loop.Median, 3), Math.Round(sent.Median / source.Median, 3));
    }
}
