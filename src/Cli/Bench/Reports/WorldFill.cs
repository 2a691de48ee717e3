using System.Globalization;

namespace Delivery.Cli.Bench.Reports;

/// <summary>Makes the jobs of a plan that are not there yet.</summary>
internal sealed class WorldFill(MeasuredSql sql, WorldPlan plan, TimeProvider time)
{
    private const int RecipientsPerStatement = 250_000;
    private static readonly TimeSpan MergesAtMost = TimeSpan.FromMinutes(15), Poll = TimeSpan.FromSeconds(1);
    private long _done;

    /// <summary>Recipients whose rows are there.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Recipients that this run made.</summary>
    public long Made { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var whole = (await sql.AskAsync("SELECT job FROM jobs", stop)).Lines.Select(line => ulong.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
        var begun = (await sql.AskAsync("SELECT DISTINCT job FROM recipients", stop)).Lines.Select(line => ulong.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var job in plan.All())
        {
            if (whole.Contains(job.Id))
            {
                Interlocked.Add(ref _done, job.Recipients);
                continue;
            }

            if (begun.Contains(job.Id))
            {
                foreach (var statement in WorldSql.Clear(job))
                    await sql.RunAsync(statement, stop);
            }

            for (var first = 0L; first < job.Recipients; first += RecipientsPerStatement)
            {
                var count = Math.Min(RecipientsPerStatement, job.Recipients - first);
                await sql.RunAsync(WorldSql.Recipients(job, first, count), stop);
                await sql.RunAsync(WorldSql.Events(job, first, count), stop);
                Interlocked.Add(ref _done, count);
                Made += count;
            }

            foreach (var statement in WorldSql.End(job))
                await sql.RunAsync(statement, stop);
        }
    }

    /// <summary>Waits until the engine has merged what it wants to merge, so that it does not do so while it is asked.</summary>
    public async Task MergedAsync(CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) < MergesAtMost)
        {
            var answer = await sql.AskAsync("SELECT (SELECT count() FROM system.merges) + (SELECT count() FROM system.mutations WHERE NOT is_done)", stop);
            if (answer.Lines is ["0"])
                return;
            await Task.Delay(Poll, time, stop);
        }
    }
}
