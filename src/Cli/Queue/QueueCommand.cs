using System.CommandLine;
using System.Text.Json;
using Delivery.Cli.Api;
using Spectre.Console;

namespace Delivery.Cli.Queue;

/// <summary><c>delivery queue</c>: what waits and why, and what can be done about it.</summary>
internal static class QueueCommand
{
    public static Command Create()
    {
        var command = new Command("queue", "Shows what waits and why; list, requeue and bounce look closer and change it.");
        var (filter, target) = (new QueueFilterOptions(), new ApiTarget());
        var top = new Option<int?>("--top") { HelpName = "N", Description = "domains and reasons that are shown [default: 10]" };
        var json = Json();
        filter.AddTo(command, withState: true);
        command.Add(top);
        command.Add(json);
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = filter.Read(parsed);
            if (parsed.GetValue(top) is { } number)
                values["top"] = Text(number);
            using var api = target.Connect(parsed);
            using var answer = await AskAsync(api, HttpMethod.Get, QueueFilterOptions.Query("/v1/queue", values), null, cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(answer.RootElement.GetRawText());
            else
                QueueView.Write(AnsiConsole.Console, answer.RootElement);
            return ExitCodes.Success;
        });
        command.Add(List());
        command.Add(Change("requeue", "Makes deferred recipients due now.", withText: false, "made due"));
        command.Add(Change("bounce", "Ends deferred recipients as bounced, for good.", withText: true, "ended as bounced"));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Lists recipients that wait, one a line.");
        var (filter, target) = (new QueueFilterOptions(), new ApiTarget());
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "recipients that are listed", DefaultValueFactory = _ => 100 };
        var json = Json();
        filter.AddTo(command, withState: true);
        command.Add(limit);
        command.Add(json);
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            var values = filter.Read(parsed);
            var left = parsed.GetValue(limit);
            while (left > 0)
            {
                values["limit"] = Text(Math.Min(left, 1_000));
                using var page = await AskAsync(api, HttpMethod.Get, QueueFilterOptions.Query("/v1/queue/recipients", values), null, cancellation);
                foreach (var one in page.RootElement.GetProperty("recipients").EnumerateArray())
                {
                    Console.WriteLine(parsed.GetValue(json) ? one.GetRawText() : QueueView.Line(one));
                    left--;
                }

                if (page.RootElement.GetProperty("next").GetString() is not { } next)
                    break;
                values["after"] = next;
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Change(string name, string description, bool withText, string done)
    {
        var command = new Command(name, description + " Those in flight and those never tried are left alone.");
        var (filter, target) = (new QueueFilterOptions(), new ApiTarget());
        var all = new Option<bool>("--all") { Description = "all that are deferred, in place of a filter" };
        var text = new Option<string>("--text") { HelpName = "WHY", Description = "why, in words that reports show", Required = true };
        var json = Json();
        filter.AddTo(command, withState: false);
        command.Add(all);
        if (withText)
            command.Add(text);
        command.Add(json);
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = filter.Read(parsed).ToDictionary(pair => pair.Key, pair => (object)pair.Value);
            if (parsed.GetValue(all))
                values["all"] = true;
            if (withText)
                values["text"] = parsed.GetValue(text)!;
            using var api = target.Connect(parsed);
            var (changed, inFlight) = (0L, 0L);
            while (true)
            {
                using var answer = await AskAsync(api, HttpMethod.Post, $"/v1/queue/{name}", QueueFilterOptions.Body(values), cancellation);
                changed += answer.RootElement.GetProperty("changed").GetInt64();
                inFlight = answer.RootElement.GetProperty("in_flight").GetInt64();
                if (answer.RootElement.GetProperty("next").GetString() is not { } next)
                    break;
                values["after"] = next;
            }

            Console.WriteLine(parsed.GetValue(json)
                ? $"{{\"changed\":{Text(changed)},\"in_flight\":{Text(inFlight)}}}"
                : $"{Text(changed)} recipients {done}{(inFlight > 0 ? $"; {Text(inFlight)} in flight were left alone" : "")}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "print JSON" };

    private static async Task<JsonDocument> AskAsync(JobApi api, HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        using var content = body is null ? null : new ByteArrayContent(body);
        if (content is not null)
            content.Headers.ContentType = new("application/json");
        using var answer = await api.SendAsync(method, path, content, cancellation);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        return await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
