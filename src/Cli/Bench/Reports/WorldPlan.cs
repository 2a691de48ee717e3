using System.Text.Json;

namespace Delivery.Cli.Bench.Reports;

/// <summary>
/// Jobs of a year, the newest first: one with a seventh of all recipients, twenty of a tenth of that, and many smaller
/// ones of twenty sizes. Four accounts; the first has the large job and half of the people. The same for the same numbers.
/// </summary>
internal sealed record WorldPlan(long Events, int Jobs, long Now)
{
    /// <summary>What the generator's shares of outcomes and responses add up to.</summary>
    public const double EventsOfRecipient = 2.8;

    public const int Links = 12;
    private const ulong FirstJob = 382_805_526_594_977_792;
    private const int Accounts = 4, Middle = 20, Sizes = 20, RevisedEvery = 4, VariantsEvery = 3;
    private const double LargeShare = 0.14, MiddleShare = 0.014;
    private const long Day = 24 * 60 * 60, Year = 365 * Day;

    /// <summary>Reads the plan that the folder has, or writes one.</summary>
    /// <exception cref="LaunchException">The folder has other data.</exception>
    public static WorldPlan Of(string folder, ReportsOptions options, TimeProvider time)
    {
        var file = Path.Combine(folder, "reports-plan.json");
        if (File.Exists(file))
        {
            var plan = JsonSerializer.Deserialize(File.ReadAllText(file), BenchJson.Default.WorldPlan)!;
            return plan.Events == options.Events && plan.Jobs == options.Jobs
                ? plan
                : throw new LaunchException($"--folder {folder} holds {plan.Events} events of {plan.Jobs} jobs: ask for these, or give another folder");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new LaunchException($"--folder {folder} is not empty and has no reports-plan.json: give an empty one, or one of an earlier run");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var made = new WorldPlan(options.Events, options.Jobs, time.GetUtcNow().ToUnixTimeSeconds() / Day * Day);
        File.WriteAllText(file, JsonSerializer.Serialize(made, BenchJson.Default.WorldPlan));
        return made;
    }

    public IReadOnlyList<WorldJob> All()
    {
        var recipients = Events / EventsOfRecipient;
        var rest = (1 - LargeShare - Middle * MiddleShare) / Enumerable.Range(Middle + 1, Jobs - Middle - 1).Sum(index => 1 + index % Sizes);
        var jobs = new List<WorldJob>(Jobs);
        for (var i = 0; i < Jobs; i++)
        {
            var account = i == 0 ? 1u : 1u + (uint)(i % Accounts);
            var people = Math.Max(1, (long)(recipients * (account == 1 ? 0.16 : 0.08)));
            var count = (long)(recipients * (i == 0 ? LargeShare : i <= Middle ? MiddleShare : rest * (1 + i % Sizes)));
            jobs.Add(new WorldJob(
                i, account, FirstJob + (ulong)i * 1_000, Now - i * (Year / Jobs) - 3 * Day + i * 7_919 % Day, Math.Clamp(count, 1, people), people,
                i * 245_489L % people, i % VariantsEvery == 0, i % RevisedEvery == 0 || i < RevisedEvery));
        }

        return jobs;
    }
}
