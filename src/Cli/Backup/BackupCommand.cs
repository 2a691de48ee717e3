using System.CommandLine;

namespace Delivery.Cli.Backup;

/// <summary><c>delivery backup</c>.</summary>
internal static class BackupCommand
{
    private const string Summary = """
        Writes all of an installation that cannot be made again into one file, also while it runs.

        Keys of links and recipients, accounts, DKIM keys, the spool, suppressions, webhooks and the settings file; not events and reports, which
        are in ClickHouse. The file holds secrets and addresses: it is readable by its owner only, and is not encrypted.
        """;

    public static Command Create()
    {
        var file = new Argument<string>("file") { HelpName = "FILE", Description = "replaced, once the new one is whole (.tar.gz)" };
        var command = new Command("backup", Summary) { file };
        var options = new BackupOptions(command);
        command.SetAction(async parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var manifest = await new BackupWriter(options.Read(parsed), TimeProvider.System).WriteAsync(path);
            await Console.Out.WriteLineAsync(
                $"{path}: {manifest.Parts.Count} parts, {manifest.UnfinishedJobs} unfinished jobs, {manifest.OpenRecipients} recipients without an outcome, {manifest.Suppressions} suppressions");
            return ExitCodes.Success;
        });
        return command;
    }
}
