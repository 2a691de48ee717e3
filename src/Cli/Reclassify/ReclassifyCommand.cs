using System.CommandLine;
using Delivery.Cli.Api;
using Delivery.Cli.Up;

namespace Delivery.Cli.Reclassify;

/// <summary><c>delivery reclassify</c>: has the rules and the networks of today applied to stored opens and clicks.</summary>
internal static class ReclassifyCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var job = new Option<string?>("--job") { HelpName = "ID", Description = "opens and clicks of this job" };
        var since = new Option<string?>("--since") { HelpName = "DATE", Description = "opens and clicks of all jobs from this day on, UTC, such as 2026-11-01" };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "data folder of the installation [default: .delivery beside the program]" };
        var url = new Option<string?>("--url") { HelpName = "URL", Description = "the aggregator [default: as noted in the data folder by up]" };
        var command = new Command("reclassify", "Applies today's rules and networks for people, proxies and scanners to stored opens and clicks.") { job, since, data, url };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (one, from) = (parsed.GetValue(job), parsed.GetValue(since));
            if (one is null == from is null)
                throw new LaunchException("give either --job ID or --since DATE", ExitCodes.Usage);
            var folder = Path.GetFullPath(parsed.GetValue(data) ?? Path.Combine(Programs.Root, ".delivery"));
            var address = parsed.GetValue(url) ?? DataFolder.FindAddresses(folder)?.Reports
                ?? throw new LaunchException($"no aggregator runs from {folder}: start it with ./delivery up, or name one with --url URL");
            if (!Uri.TryCreate(address, UriKind.Absolute, out var reports) || reports.Scheme is not ("http" or "https"))
                throw new LaunchException($"--url: '{address}' is not http://HOST:PORT or https://HOST:PORT");
            using var http = new HttpClient { Timeout = Timeout };
            var query = one is not null ? "job=" + Uri.EscapeDataString(one) : "since=" + Uri.EscapeDataString(from!);
            using var answer = await http.PostAsync(new Uri(reports, "/reclassify?" + query), null, cancellation);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                throw new LaunchException($"the aggregator at {address} takes orders from its own machine and from Operators:Addresses alone");
            if (!answer.IsSuccessStatusCode)
                throw new LaunchException(ProblemText.Of(await answer.Content.ReadAsStringAsync(cancellation)));
            await Console.Out.WriteLineAsync("Ordered: the aggregator revises the classes between its batches, and the reports follow.");
            return ExitCodes.Success;
        });
        return command;
    }
}
