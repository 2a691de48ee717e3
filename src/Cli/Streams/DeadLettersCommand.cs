using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Delivery.Cli.Api;

namespace Delivery.Cli.Streams;

/// <summary><c>delivery deadletters</c>: records that could not be read, to be looked at, tried again or thrown away.</summary>
internal static class DeadLettersCommand
{
    private const string Path = "/v1/deadletters";

    public static Command Create()
    {
        var command = new Command("deadletters", "Shows records that could not be read; replays or drops them.");
        command.Add(List());
        command.Add(Show());
        command.Add(Change("replay", "Has the aggregator read them again, each under its own number: what was counted before is not counted twice.", "go to the aggregator again"));
        command.Add(Change("drop", "Throws them away, for good.", "dropped"));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Lists dead letters, one a line, oldest first.");
        var (target, shard, reason, json) = (new ApiTarget(reports: true), Shard(), Reason(), Json());
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "letters that are listed", DefaultValueFactory = _ => 100 };
        Add(command, target, shard, reason, limit, json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            var left = parsed.GetValue(limit);
            foreach (var one in await ShardsAsync(api, parsed.GetValue(shard), cancellation))
            {
                for (string? after = null; left > 0;)
                {
                    var query = $"{Path}?shard={Text(one)}&limit={Text(Math.Min(left, 1_000))}";
                    query += parsed.GetValue(reason) is { } words ? $"&reason={Uri.EscapeDataString(words)}" : "";
                    query += after is null ? "" : $"&after={after}";
                    using var page = await AskAsync(api, HttpMethod.Get, query, null, cancellation);
                    foreach (var letter in page.RootElement.GetProperty("letters").EnumerateArray())
                    {
                        Console.WriteLine(parsed.GetValue(json) ? letter.GetRawText() : LetterText.Line(letter));
                        left--;
                    }

                    if ((after = page.RootElement.GetProperty("next").GetString()) is null)
                        break;
                }
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "Shows one dead letter with its bytes.");
        var (target, shard, json) = (new ApiTarget(reports: true), Shard(), Json());
        var id = new Argument<string>("ID") { Description = "as list shows it" };
        command.Add(id);
        Add(command, target, shard, json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            using var letter = await AskAsync(
                api, HttpMethod.Get, $"{Path}/{Text(parsed.GetValue(shard) ?? 0)}/{Uri.EscapeDataString(parsed.GetValue(id)!)}", null, cancellation);
            Console.WriteLine(parsed.GetValue(json) ? letter.RootElement.GetRawText() : LetterText.Whole(letter.RootElement));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Change(string name, string description, string done)
    {
        var command = new Command(name, description);
        var (target, shard, reason, json) = (new ApiTarget(reports: true), Shard(), Reason(), Json());
        var ids = new Argument<string[]>("ID") { Description = "letters of one shard, as list shows them", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "all of them, in place of ids or --reason" };
        command.Add(ids);
        Add(command, target, shard, reason, all, json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            var changed = 0L;
            var named = parsed.GetValue(ids) ?? [];
            var shards = named.Length > 0 ? [parsed.GetValue(shard) ?? 0] : await ShardsAsync(api, parsed.GetValue(shard), cancellation);
            foreach (var one in shards)
            {
                for (string? after = null, until = null; ;)
                {
                    var body = LetterText.Order(one, named, parsed.GetValue(reason), parsed.GetValue(all), after, until);
                    using var answer = await AskAsync(api, HttpMethod.Post, $"{Path}/{name}", body, cancellation);
                    changed += answer.RootElement.GetProperty("changed").GetInt64();
                    after = answer.RootElement.GetProperty("next").GetString();
                    until = answer.RootElement.GetProperty("until").GetString();
                    if (after is null)
                        break;
                }
            }

            Console.WriteLine(parsed.GetValue(json) ? $"{{\"changed\":{Text(changed)}}}" : $"{Text(changed)} dead letters {done}.");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The shard that was named, or all that there are.</summary>
    private static async Task<IReadOnlyList<int>> ShardsAsync(JobApi api, int? named, CancellationToken cancellation)
    {
        if (named is { } one)
            return [one];
        using var status = await AskAsync(api, HttpMethod.Get, "/status", null, cancellation);
        return [.. Enumerable.Range(0, status.RootElement.GetProperty("shards").GetArrayLength())];
    }

    private static Option<int?> Shard() => new("--shard") { HelpName = "N", Description = "of this event stream only [default: all; 0 where letters are named by id]" };

    private static Option<string?> Reason() => new("--reason") { HelpName = "TEXT", Description = "whose reason holds this text" };

    private static Option<bool> Json() => new("--json") { Description = "print JSON" };

    private static void Add(Command command, ApiTarget target, params Option[] options)
    {
        foreach (var option in options)
            command.Add(option);
        target.AddTo(command);
    }

    private static async Task<JsonDocument> AskAsync(JobApi api, HttpMethod method, string path, byte[]? body, CancellationToken cancellation)
    {
        using var content = body is null ? null : new ByteArrayContent(body);
        if (content is not null)
            content.Headers.ContentType = new("application/json");
        using var answer = await api.SendAsync(method, path, content, cancellation);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        return await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
