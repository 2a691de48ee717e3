using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Cli.Api;

namespace Delivery.Cli.Bounces;

/// <summary><c>delivery bounces unknown</c>.</summary>
internal static class UnknownRepliesCommand
{
    public static Command Create()
    {
        var target = new ApiTarget();
        var limit = new Option<int>("--limit") { Description = "how many at most", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("unknown", "Lists replies that no bounce rule knows, the most frequent first: count, when seen last, reply.") { limit };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            using var answer = await api.SendAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/v1/bounces/unknown?limit={parsed.GetValue(limit)}"), null, cancellation);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            await parsed.InvocationConfiguration.Output.WriteAsync(Lines(json.RootElement));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>One line for each reply, or one that says there are none.</summary>
    public static string Lines(JsonElement list)
    {
        var replies = list.GetProperty("replies");
        if (replies.GetArrayLength() == 0)
            return "No unknown replies.\n";
        var lines = new StringBuilder();
        foreach (var reply in replies.EnumerateArray())
        {
            var status = reply.GetProperty("enhanced_status").GetString();
            lines.Append(CultureInfo.InvariantCulture,
                $"{reply.GetProperty("count").GetInt64(),8}  {reply.GetProperty("last_seen").GetDateTimeOffset():yyyy-MM-dd HH:mm}  {reply.GetProperty("code").GetInt32()}{(status is { Length: > 0 } ? " " : "")}{status} {reply.GetProperty("text").GetString()}\n");
        }

        return lines.ToString();
    }
}
