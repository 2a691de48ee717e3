using System.CommandLine;
using System.Text.Json;
using Delivery.Cli.Api;
using Spectre.Console;

namespace Delivery.Cli.Streams;

/// <summary><c>delivery streams</c>: how many events are on their way to ClickHouse, and when there is no more room for them.</summary>
internal static class StreamsCommand
{
    public static Command Create()
    {
        var command = new Command("streams", "Shows the events that are not in ClickHouse yet, and how long there is room for more.");
        var target = new ApiTarget(reports: true);
        var json = new Option<bool>("--json") { Description = "print JSON" };
        command.Add(json);
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            using var answer = await api.SendAsync(HttpMethod.Get, "/status", null, cancellation);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var status = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(status.RootElement.GetRawText());
            else
                StreamsView.Write(AnsiConsole.Console, status.RootElement);
            return ExitCodes.Success;
        });
        return command;
    }
}
