using System.CommandLine;
using System.Text;
using System.Text.Json;
using Delivery.Cli.Api;
using Delivery.Cli.Processes;

namespace Delivery.Cli.Erase;

/// <summary><c>delivery erase</c>: takes a person out of every store of a running installation.</summary>
internal static class EraseCommand
{
    private const string Summary = """
        Erases a person: out of the spool, the trackers' journals, Redis, and every row of ClickHouse. Figures stay as they are.

        What is left is the recipient key, a keyed hash, among the suppressions, so that the person is not written to again. May be
        repeated, also after it was cut off: it goes on where it stopped. Backups cannot be changed: restore applies erasures again.
        """;

    public static Command Create()
    {
        var account = new Option<uint?>("--account") { HelpName = "N", Description = "whose person it is [default: the account of the API key]; another one only by the installation's own key" };
        var address = new Option<string?>("--address") { HelpName = "ADDRESS", Description = "the person's address" };
        var upstreamId = new Option<string?>("--upstream-id") { HelpName = "ID", Description = "the upstream app's own id of the person; finds only what is still there under it" };
        var again = new Option<string?>("--again") { HelpName = "RECEIPT", Description = "erase once more whom a receipt is about, after a restore from a backup that is older" };
        var dryRun = new Option<bool>("--dry-run") { Description = "only tell what there is" };
        var receipt = new Option<string?>("--receipt") { HelpName = "FILE", Description = "write the receipt there as well: JSON, without the address" };
        var mtas = Many("--mta", "another Mta beside that of --url; once for each");
        var trackers = Many("--tracker", "tracker; once for each [default: as noted in the data folder by up]");
        var reports = new Option<string?>("--reports") { HelpName = "URL", Description = "aggregator [default: as noted in the data folder by up]" };
        var target = new ApiTarget();
        var command = new Command("erase", Summary) { account, address, upstreamId, again, dryRun, receipt, mtas, trackers, reports };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var person = Person(parsed.GetValue(account), parsed.GetValue(address), parsed.GetValue(upstreamId), parsed.GetValue(again));
            using var places = ErasePlaces.Connect(target, parsed, parsed.GetValue(mtas) ?? [], parsed.GetValue(trackers) ?? [], parsed.GetValue(reports));
            var made = await new Erasing(places, TimeProvider.System).RunAsync(person, parsed.GetValue(dryRun), cancellation);
            var json = made.ToJson();
            if (parsed.GetValue(receipt) is { } file)
                await WholeFile.WriteAsync(Path.GetFullPath(file), async stream => await stream.WriteAsync(Encoding.UTF8.GetBytes(json + "\n")));
            await Console.Out.WriteLineAsync(json);
            if (made.Complete || made.DryRun)
                return ExitCodes.Success;
            await Console.Error.WriteLineAsync("delivery: not all is erased yet; the receipt says what it waits for. Run the same again.");
            return ExitCodes.Failure;
        });
        return command;
    }

    private static ErasedPerson Person(uint? account, string? address, string? upstreamId, string? again)
    {
        if (new[] { address, upstreamId, again }.Count(one => one is not null) != 1)
            throw new LaunchException("give one of --address, --upstream-id and --again");
        if (again is null)
            return new ErasedPerson(account, address, upstreamId, []);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(again));
            var asked = json.RootElement.GetProperty("asked");
            return new ErasedPerson(
                account ?? asked.GetProperty("account").GetUInt32(), null, null, [.. asked.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LaunchException($"--again: {again} is no receipt");
        }
    }

    private static Option<string[]?> Many(string name, string description) => new(name) { HelpName = "URL", Description = description, AllowMultipleArgumentsPerToken = false };
}
