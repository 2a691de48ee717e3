using System.CommandLine;
using Delivery.Cli.Bench;
using Delivery.Cli.Up;
using Delivery.Contracts.Dkim;

namespace Delivery.Cli.Dkim;

/// <summary><c>delivery dkim</c>.</summary>
internal static class DkimCommand
{
    private const string Summary = """
        Makes and keeps the keys that mail is signed with (DKIM).

        A key is a file DIR/dkim/DOMAIN/SELECTOR.pem, for its owner alone: run this as the user that the Mta runs as. Mail is signed with
        every active key of its From domain, or of the nearest domain above it that has one. A running Mta sees changes within seconds.
        """;

    private static readonly Argument<string> Domain = new("DOMAIN") { Description = "the domain after the @ of the From address, or one above it" };
    private static readonly Argument<string> Selector = new("SELECTOR") { Description = "names the key in DNS, as in 2026a" };

    public static Command Create()
    {
        var data = new Option<string?>(UpSetting.Data.Option) { Description = "folder of the installation, as given to up [default: .delivery beside the program]", HelpName = "DIR", Recursive = true };
        var settings = new Option<string?>(UpSetting.Settings.Option) { Description = "settings file of all programs (JSON)", HelpName = "FILE", Recursive = true };
        var bits = new Option<int>("--bits") { Description = $"size of the RSA key, {DkimPrivateKey.MinBits} to {DkimPrivateKey.MaxBits}; 4096 costs six times as much for each message", HelpName = "N", DefaultValueFactory = _ => DkimPrivateKey.MinBits };
        BenchOptions.Between(bits, DkimPrivateKey.MinBits, DkimPrivateKey.MaxBits);
        bits.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var asked) && asked % 8 != 0)
                result.AddError($"{result.Option.Name} is {asked}: it is a multiple of 8");
        });
        var standby = new Option<bool>("--standby") { Description = "do not sign with it yet: its record has to be in DNS first" };

        var create = new Command("new", "Makes a key and prints its DNS record; where the selector has one already, prints that one's.") { Domain, Selector, bits, standby };
        Do(create, (folder, parsed) => folder.Create(parsed.GetRequiredValue(Domain), parsed.GetRequiredValue(Selector), parsed.GetValue(bits), parsed.GetValue(standby)));
        var list = new Command("list", "Lists the keys: domain, selector, state, size or what is wrong.");
        Do(list, (folder, _) => folder.List());
        var show = new Command("show", "Prints the DNS record of a key.") { Domain, Selector };
        Do(show, (folder, parsed) => folder.Show(parsed.GetRequiredValue(Domain), parsed.GetRequiredValue(Selector)));
        var use = new Command("use", "Signs with a key that stood by or was retired.") { Domain, Selector };
        Do(use, (folder, parsed) => folder.Use(parsed.GetRequiredValue(Domain), parsed.GetRequiredValue(Selector)));
        var retire = new Command("retire", "Signs with a key no longer. The file stays.") { Domain, Selector };
        Do(retire, (folder, parsed) => folder.Retire(parsed.GetRequiredValue(Domain), parsed.GetRequiredValue(Selector)));
        return new Command("dkim", Summary) { data, settings, create, list, show, use, retire };

        void Do(Command command, Action<DkimFolder, ParseResult> action) => command.SetAction(parsed =>
        {
            action(new DkimFolder(FolderOf(parsed.GetValue(data), parsed.GetValue(settings)), parsed.InvocationConfiguration.Output), parsed);
            return ExitCodes.Success;
        });
    }

    /// <summary>The folder that the Mta of this installation has: its own setting, or the one that <c>up</c> gives it.</summary>
    private static string FolderOf(string? data, string? settings)
    {
        var given = new Dictionary<UpSetting, string>();
        if (data is not null)
            given[UpSetting.Data] = data;
        if (settings is not null)
            given[UpSetting.Settings] = settings;
        var sources = SettingSources.Read(given, Environment.GetEnvironmentVariables());
        if (data is null && sources.Program("Mta:DkimFolder") is { } own)
            return Path.GetFullPath(own.Text);
        return DataFolder.DkimFolderOf(sources.Find(UpSetting.Data) is { } folder ? Path.GetFullPath(folder.Text) : Path.Combine(Programs.Root, ".delivery"));
    }
}
