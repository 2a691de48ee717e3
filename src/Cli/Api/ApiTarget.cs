using System.CommandLine;
using Delivery.Cli.Up;

namespace Delivery.Cli.Api;

/// <summary>
/// The running Mta, or the Aggregator, that a command talks to: by default the one that <c>up</c> started from the data folder, else the one that
/// <c>--url</c> names, with the key of <c>--api-key</c> or of the variable <see cref="KeyVariable"/>.
/// </summary>
/// <param name="reports">The Aggregator is meant.</param>
internal sealed class ApiTarget(bool reports = false)
{
    public const string KeyVariable = "DELIVERY_API_KEY";

    private readonly Option<string?> _data = new("--data") { HelpName = "DIR", Description = "data folder of the installation [default: .delivery beside the program]" };
    private readonly Option<string?> _url = new("--url") { HelpName = "URL", Description = $"{(reports ? "address of the Aggregator" : "job API of the Mta")} [default: as noted in the data folder by up]" };
    private readonly Option<string?> _key = new("--api-key") { HelpName = "KEY", Description = $"bearer key; better by the variable {KeyVariable} [default: as noted in the data folder by up]" };

    /// <summary>Gives a command the options that choose the installation.</summary>
    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_url);
        command.Add(_key);
    }

    /// <summary>The data folder that the options name, whether it exists or not; full path.</summary>
    public string DataFolder(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(_data) ?? Path.Combine(Programs.Root, ".delivery"));

    /// <summary>The key that calls are made with.</summary>
    /// <exception cref="LaunchException">Nothing says which.</exception>
    public string Key(ParseResult parsed) =>
        parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable) ?? (parsed.GetValue(_url) is null ? Up.DataFolder.FindAddresses(DataFolder(parsed))?.ApiKey : null)
            ?? throw new LaunchException($"no API key: give it with the variable {KeyVariable} or --api-key KEY");

    /// <exception cref="LaunchException">Nothing says where the Mta answers, or which key to use.</exception>
    public JobApi Connect(ParseResult parsed, TimeSpan? timeout = null)
    {
        var folder = DataFolder(parsed);
        var known = Up.DataFolder.FindAddresses(folder);
        var url = parsed.GetValue(_url) ?? (reports ? known?.Reports : known?.Mta)
            ?? throw new LaunchException($"no {(reports ? "Aggregator" : "Mta")} runs from {folder}: start it with ./delivery up, or name one with --url URL");
        var key = Key(parsed);
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new JobApi(url, key, timeout)
            : throw new LaunchException($"--url: '{url}' is not http://HOST:PORT or https://HOST:PORT");
    }
}
