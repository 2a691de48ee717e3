using System.CommandLine;
using Delivery.Cli.Processes;

namespace Delivery.Cli.Up;

/// <summary><c>delivery up</c>.</summary>
internal static class UpCommand
{
    private const string Summary = """
        Starts Redis, the embedded ClickHouse engine, Aggregator, Tracker and Mta on this machine and keeps them running.

        Prints one line "ready {…}" with the addresses and the API key when all are ready; logs go to DIR/logs.
        SIGINT and SIGTERM stop everything in order. Each option can also be an environment variable (DELIVERY_UP_PORT_BASE
        for --port-base) or stand in the settings file's section "Up"; the option goes first, then the variable.
        """;

    public static Command Create()
    {
        var command = new Command("up", Summary);
        var options = new Dictionary<UpSetting, Option>();
        foreach (var setting in UpSetting.All)
        {
            Option option = setting.ValueName is null
                ? new Option<bool>(setting.Option) { Description = setting.Help }
                : new Option<string?>(setting.Option) { Description = setting.Help, HelpName = setting.ValueName };
            options.Add(setting, option);
            command.Add(option);
        }

        command.SetAction(parsed => RunAsync(Given(parsed, options)));
        return command;
    }

    private static Dictionary<UpSetting, string> Given(ParseResult parsed, Dictionary<UpSetting, Option> options)
    {
        var given = new Dictionary<UpSetting, string>();
        foreach (var (setting, option) in options)
        {
            if (parsed.GetResult(option) is not { Implicit: false })
                continue;
            given[setting] = option is Option<bool> flag
                ? parsed.GetValue(flag) ? bool.TrueString : bool.FalseString
                : parsed.GetValue((Option<string?>)option) ?? "";
        }

        return given;
    }

    private static async Task<int> RunAsync(IReadOnlyDictionary<UpSetting, string> given)
    {
        var sources = SettingSources.Read(given, Environment.GetEnvironmentVariables());
        var options = UpOptions.From(sources, Path.Combine(Programs.Root, ".delivery"));
        using var stop = new StopSignal(TimeProvider.System);
        try
        {
            var notices = new Notices(Console.Error);
            await using var installation = await Installation.StartAsync(options, sources, notices, TimeProvider.System, stop.Token);
            stop.AtOnce = installation.Kill;
            Console.Out.WriteLine(installation.Addresses.ReadyLine());
            notices.Write($"the reports are on {installation.Addresses.Page} for a browser on this machine; sign in with an API key");
            if (installation.Addresses.Mail is { } mail)
                notices.Write($"no mail leaves this machine; each message is kept in {mail} (.eml)");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
        }

        return ExitCodes.Success;
    }
}
