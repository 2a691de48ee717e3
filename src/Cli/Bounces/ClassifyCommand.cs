using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Cli.Api;

namespace Delivery.Cli.Bounces;

/// <summary><c>delivery bounces classify "550 5.1.1 No such user"</c>.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var target = new ApiTarget();
        var reply = new Argument<string>("reply") { Description = "the reply with its code, in quotes" };
        var peer = new Option<string?>("--peer") { Description = "host name of who says it, where rules look at that", HelpName = "HOST" };
        var command = new Command("classify", "Says what the running Mta would make of a reply: class, scope, whether it is tried again, the rule.") { reply, peer };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            var path = "/v1/bounces/classify?reply=" + Uri.EscapeDataString(parsed.GetValue(reply)!) + (parsed.GetValue(peer) is { } host ? "&peer=" + Uri.EscapeDataString(host) : "");
            using var answer = await api.SendAsync(HttpMethod.Get, path, null, cancellation);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            await parsed.InvocationConfiguration.Output.WriteAsync(Lines(json.RootElement));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>A line for each thing that is known.</summary>
    public static string Lines(JsonElement answer)
    {
        var lines = new StringBuilder();
        Line("class", answer.GetProperty("class").GetString());
        Line("scope", answer.GetProperty("scope").GetString() ?? "that of the refused command");
        Line("result", answer.GetProperty("result").GetString());
        Line("suppresses", answer.GetProperty("suppresses").GetBoolean() ? "yes: the address does not exist" : "no");
        Line("rule", answer.GetProperty("rule").GetString() ?? "none");
        if (answer.TryGetProperty("retry_in_seconds", out var seconds))
            Line("asks for", string.Create(CultureInfo.InvariantCulture, $"{seconds.GetInt32()} s"));
        Line("text", answer.GetProperty("text").GetString());
        return lines.ToString();

        void Line(string name, string? value) => lines.Append(CultureInfo.InvariantCulture, $"{name,-10}  {value}\n");
    }
}
