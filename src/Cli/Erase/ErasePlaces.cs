using System.CommandLine;
using Delivery.Cli.Api;

namespace Delivery.Cli.Erase;

/// <summary>The programs that an erasure goes through.</summary>
internal sealed class ErasePlaces(List<JobApi> mtas, List<JobApi> trackers, JobApi reports) : IDisposable
{
    /// <summary>Of one call: ClickHouse may have many parts to write anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    public IReadOnlyList<JobApi> Mtas => mtas;

    public IReadOnlyList<JobApi> Trackers => trackers;

    public JobApi Reports => reports;

    /// <exception cref="LaunchException">Nothing says where one of them answers.</exception>
    public static ErasePlaces Connect(ApiTarget target, ParseResult parsed, string[] moreMtas, string[] trackers, string? reports)
    {
        var known = Up.DataFolder.FindAddresses(target.DataFolder(parsed));
        var key = target.Key(parsed);
        if (trackers.Length == 0)
            trackers = [known?.Tracker ?? throw new LaunchException("no tracker is known: give each with --tracker URL, so that none keeps what it recorded of the person")];
        reports ??= known?.Reports ?? throw new LaunchException("no aggregator is known: give it with --reports URL");
        return new ErasePlaces(
            [target.Connect(parsed, Longest), .. moreMtas.Select(url => Open("--mta", url, key))],
            [.. trackers.Select(url => Open("--tracker", url, key))],
            Open("--reports", reports, key));
    }

    public void Dispose()
    {
        foreach (var one in mtas.Concat(trackers).Append(reports))
            one.Dispose();
    }

    private static JobApi Open(string option, string url, string key) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new JobApi(url, key, Longest)
            : throw new LaunchException($"{option}: '{url}' is not http://HOST:PORT or https://HOST:PORT");
}
