using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Delivery.Cli.Api;
using Delivery.Cli.Queue;

namespace Delivery.Cli.Trace;

/// <summary><c>delivery trace</c>: what is said to the relay, as it is said.</summary>
internal static class TraceCommand
{
    public static Command Create()
    {
        var command = new Command("trace", "Shows SMTP commands and replies as they happen, until Ctrl-C; no bodies, no credentials.");
        var target = new ApiTarget();
        var domain = new Option<string>("--domain") { HelpName = "DOMAIN", Description = "attempts to addresses of this domain only" };
        var recipient = new Option<string>("--recipient") { HelpName = "ADDRESS", Description = "attempts to this address only" };
        var limit = new Option<int?>("--limit") { HelpName = "N", Description = "end after so many attempts" };
        var json = new Option<bool>("--json") { Description = "print the lines as they come, JSON each" };
        command.Add(domain);
        command.Add(recipient);
        command.Add(limit);
        command.Add(json);
        target.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopSignal(TimeProvider.System);
            var values = new Dictionary<string, string>();
            if (parsed.GetValue(domain) is { } wanted)
                values["domain"] = wanted;
            if (parsed.GetValue(recipient) is { } address)
                values["recipient"] = address;
            if (parsed.GetValue(limit) is { } attempts)
                values["limit"] = attempts.ToString(CultureInfo.InvariantCulture);
            using var api = target.Connect(parsed, Timeout.InfiniteTimeSpan);
            try
            {
                using var answer = await api.SendAsync(HttpMethod.Get, QueueFilterOptions.Query("/v1/trace", values), null, stop.Token);
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
                while (await lines.ReadLineAsync(stop.Token) is { } line)
                {
                    if (parsed.GetValue(json))
                        Console.WriteLine(line);
                    else if (Show(line) is { } shown)
                        Console.WriteLine(shown);
                }
            }
            catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
            {
            }

            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Null for a line that has nothing for people.</summary>
    public static string? Show(string line)
    {
        using var json = JsonDocument.Parse(line);
        var one = json.RootElement;
        var kind = one.GetProperty("kind").GetString();
        if (kind == "idle")
            return null;
        var time = one.GetProperty("at").GetDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var connection = one.GetProperty("connection").GetInt32().ToString(CultureInfo.InvariantCulture);
        var since = one.TryGetProperty("ms", out var ms) ? $"+{ms.GetDouble().ToString("0.0", CultureInfo.InvariantCulture)} ms" : "";
        var mark = kind switch
        {
            "sent" => ">",
            "received" => "<",
            "end" => "=",
            _ => "-",
        };
        var dropped = one.TryGetProperty("dropped", out var missing) ? $"({missing.GetInt64()} lines are missing: they came faster than they were read)\n" : "";
        return $"{dropped}{time} #{connection,-4} {since,12} {mark} {one.GetProperty("text").GetString()}";
    }
}
