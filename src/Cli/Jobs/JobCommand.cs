using System.CommandLine;
using System.Text.Json;
using Delivery.Cli.Api;

namespace Delivery.Cli.Jobs;

/// <summary><c>delivery job</c>: where a job stands; pauses, resumes and cancels it.</summary>
internal static class JobCommand
{
    public static Command Create() => new("job", "Tells where a job stands; pauses, resumes and cancels it.")
    {
        Verb("status", "Tells where a job stands.", HttpMethod.Get, ""),
        Verb("pause", "Pauses a job: nothing new of it leaves until it is resumed.", HttpMethod.Post, "/pause"),
        Verb("resume", "Lets a paused job go on.", HttpMethod.Post, "/resume"),
        Verb("cancel", "Cancels a job for good: who has no outcome and is not on the wire ends as dropped.", HttpMethod.Post, "/cancel"),
    };

    private static Command Verb(string name, string description, HttpMethod method, string path)
    {
        var id = new Argument<string>("ID") { Description = "the job's id" };
        var json = new Option<bool>("--json") { Description = "prints the API's answer as it came" };
        var target = new ApiTarget();
        var command = new Command(name, description) { id, json };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = target.Connect(parsed);
            using var answer = await api.SendAsync(method, $"/v1/jobs/{Uri.EscapeDataString(parsed.GetValue(id)!)}{path}", null, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? body : JobText.Of(JsonElement.Parse(body)));
            return 0;
        });
        return command;
    }
}
