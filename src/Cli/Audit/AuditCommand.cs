using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Delivery.Cli.Audit;

/// <summary><c>delivery audit</c>.</summary>
internal static class AuditCommand
{
    private const string Summary = """
        Compares every number that a producer gave with the events in ClickHouse, and the events with every roll-up.

        It reads running stores and may run at any time. Names each gap (producer, shard, numbers) and each job whose roll-up differs.
        Ends with 0 where all agrees, 1 where something differs, 2 where it could not look.
        """;

    public static Command Create()
    {
        var command = new Command("audit", Summary);
        var repair = new Option<bool>("--repair") { Description = "have the roll-ups that differ counted again" };
        var rebuild = new Option<bool>("--rebuild") { Description = "have all roll-ups counted again, of all jobs or of those named" };
        var job = new Option<ulong?>("--job") { HelpName = "ID", Description = "this job alone" };
        var account = new Option<uint?>("--account") { HelpName = "N", Description = "jobs of this account alone" };
        var since = new Option<DateOnly?>("--since")
        {
            HelpName = "DATE",
            Description = "what has events on or after this day, YYYY-MM-DD (UTC)",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    return day;
                result.AddError($"--since: '{result.Tokens[0].Value}' is not YYYY-MM-DD");
                return null;
            },
        };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        foreach (var option in new Option[] { repair, rebuild, job, account, since, json })
            command.Add(option);
        var stores = new AuditStores(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new JsonObject { ["repair"] = parsed.GetValue(repair), ["rebuild"] = parsed.GetValue(rebuild) };
            if (parsed.GetValue(job) is { } id)
                request["job"] = id;
            if (parsed.GetValue(account) is { } number)
                request["account"] = number;
            if (parsed.GetValue(since) is { } day)
                request["since"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return await AuditProcess.RunAsync(request.ToJsonString(), stores.Read(parsed), parsed.GetValue(json), cancellation);
        });
        return command;
    }
}
