using System.CommandLine;

namespace Delivery.Cli.Backup;

/// <summary><c>delivery restore</c>.</summary>
internal static class RestoreCommand
{
    private const string Summary = """
        Puts a backup into an empty data folder, after all of it was found whole.

        What was sent after the backup was made is not known in it and would be sent again: unfinished jobs are paused, and nothing of
        them is sent before they are resumed. --resume leaves them as they were.
        """;

    public static Command Create()
    {
        var file = new Argument<string>("file") { HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "take a data folder that is not empty; what is in the way is moved into a folder in it" };
        var resume = new Option<bool>("--resume") { Description = "let unfinished jobs go on at the next start, though some of their mail may go out twice" };
        var command = new Command("restore", Summary) { file, force, resume };
        var options = new BackupOptions(command);
        command.SetAction(async parsed =>
        {
            var places = options.Read(parsed);
            var restoration = new Restoration(places, TimeProvider.System);
            var manifest = await restoration.RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(force), parsed.GetValue(resume));
            var output = Console.Out;
            await output.WriteLineAsync(
                $"{places.Data} is as of {manifest.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {string.Join(", ", manifest.Parts.Select(part => part.Name))}; {manifest.Suppressions} suppressions");
            if (restoration.Aside is { } aside)
                await output.WriteLineAsync($"what was there before is in {aside}");
            if (restoration.Erased > 0)
                await output.WriteLineAsync($"{restoration.Erased} recipients had been erased, and are again");
            if (restoration.Held > 0)
                await output.WriteLineAsync($"{restoration.Held} unfinished jobs are paused, since their mail may have gone out after the backup: look at each, then POST /v1/jobs/ID/resume or /cancel");
            if (manifest.Parts.Any(part => part.Name == BackupPart.Settings))
                await output.WriteLineAsync($"the settings file is {Path.Combine(places.Data, BackupPart.Settings)}: name it with --settings, or put it where it was");
            return ExitCodes.Success;
        });
        return command;
    }
}
