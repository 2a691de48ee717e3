using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Delivery.Cli.Up;
using Spectre.Console;

namespace Delivery.Cli.Bench.Send;

/// <summary><c>delivery bench send</c>.</summary>
internal static class SendCommand
{
    private const string Summary = """
        Measures the sender: submits recipients over the public API to a real Mta with a spool on disk and a Redis of its own, which
        personalizes, composes, signs and delivers each message to an SMTP server. The clock runs from the first byte of the first
        request until the last recipient has its outcome on disk and all events are in Redis.
        Ends with 1 when a recipient was not delivered to.
        """;

    public static Command Create()
    {
        var smtp = new Option<string?>("--smtp") { Description = "the SMTP server that takes the mail; on loopback unless --allow-remote is given", HelpName = "HOST:PORT" };
        var messages = new Option<long>("--messages") { Description = "how many", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var size = new Option<int>("--size") { Description = "bytes of a message; the true mean is reported", HelpName = "BYTES", DefaultValueFactory = _ => 5_120 };
        var connections = new Option<int?>("--connections") { Description = "SMTP connections [default: the Mta's, 20]", HelpName = "C" };
        var warmUp = new Option<int>("--warm-up") { Description = "messages before the clock starts; 0 measures a cold start", HelpName = "M", DefaultValueFactory = _ => SendOptions.DefaultWarmUp };
        var json = BenchOptions.Json();
        var data = BenchOptions.Data();
        var memory = new Option<string>("--redis-memory") { Description = "bound of the Redis that is started; without the aggregator it holds all events", HelpName = "SIZE", DefaultValueFactory = _ => "4gb" };
        var aggregator = new Option<bool>("--with-aggregator") { Description = "run the aggregator and the ClickHouse engine as well" };
        var streamed = new Option<bool>("--streamed") { Description = "one job whose recipients are streamed as lines; memory and rate over time are reported" };
        var acceptOnly = new Option<bool>("--accept-only") { Description = "measure acceptance alone; nothing is sent" };
        var dkim = new Option<bool>("--dkim") { Description = "measure without DKIM, the signatures alone, and with DKIM; the last rate is held against what the first two leave" };
        var remote = new Option<bool>("--allow-remote") { Description = "let the SMTP server be on another machine" };
        foreach (var (option, most) in new (Option, long)[] { (messages, 100_000_000), (size, SendOptions.MaxSizeBytes), (connections, 10_000) })
            BenchOptions.Between(option, 1, most);
        BenchOptions.Between(warmUp, 0, 10_000_000);
        var command = new Command("send", Summary) { smtp, messages, size, connections, warmUp, json, data, memory, aggregator, streamed, acceptOnly, dkim, remote };
        command.SetAction(parsed => RunAsync(new SendOptions
        {
            Smtp = parsed.GetValue(smtp) is { } server ? BenchOptions.Address("--smtp", server) : null,
            AllowRemote = parsed.GetValue(remote),
            Messages = parsed.GetValue(messages),
            SizeBytes = parsed.GetValue(size),
            Connections = parsed.GetValue(connections),
            WarmUp = parsed.GetValue(warmUp),
            WithAggregator = parsed.GetValue(aggregator),
            Streamed = parsed.GetValue(streamed),
            AcceptOnly = parsed.GetValue(acceptOnly),
            Dkim = parsed.GetValue(dkim),
            Json = parsed.GetValue(json),
            Data = parsed.GetValue(data),
            RedisMemory = parsed.GetValue(memory)!,
        }));
        return command;
    }

    private static Task<int> RunAsync(SendOptions options) => BenchOptions.StoppableAsync(async (time, stop) =>
    {
        if (options is { AcceptOnly: true, Dkim: true })
            throw new LaunchException("--dkim and --accept-only: acceptance signs nothing; give one of them");
        if (!options.AcceptOnly)
            await CheckServerAsync(options, stop.Token);
        return await BenchFolder.UseAsync(options.Data, time, async folder =>
        {
            var run = new SendRun(options, time, stop);
            var fitted = await run.FitAsync(Path.Combine(folder, "size"));
            var result = options.Dkim ? await DkimRun.RunAsync(run, fitted, folder, time) : await run.RunAsync(fitted, Path.Combine(folder, "run"));
            SendView.Write(AnsiConsole.Console, result);
            BenchJson.Write(options.Json, result, BenchJson.Default.SendResult);
            if (result.OtherOutcomes == 0)
                return ExitCodes.Success;
            await Console.Error.WriteLineAsync($"delivery: {result.OtherOutcomes} of {result.Messages} recipients were not delivered to");
            return ExitCodes.Failure;
        }, stop.Token);
    });

    /// <exception cref="LaunchException">The server is not given, not on this machine, or does not answer.</exception>
    private static async Task CheckServerAsync(SendOptions options, CancellationToken stop)
    {
        var smtp = options.Smtp ?? throw new LaunchException("--smtp HOST:PORT is needed: the SMTP server that takes the mail");
        try
        {
            var addresses = IPAddress.TryParse(smtp.Host, out var address) ? [address] : await Dns.GetHostAddressesAsync(smtp.Host, stop);
            if (!options.AllowRemote && !Array.TrueForAll(addresses, IPAddress.IsLoopback))
                throw new LaunchException($"--smtp {smtp} is not on this machine: a benchmark floods it with mail. Give --allow-remote if it is yours and meant to be");
            using var client = new TcpClient();
            await client.ConnectAsync(addresses, smtp.Port, stop);
        }
        catch (SocketException e)
        {
            throw new LaunchException($"--smtp {smtp} does not answer ({e.Message}): start the SMTP server first");
        }
    }
}
