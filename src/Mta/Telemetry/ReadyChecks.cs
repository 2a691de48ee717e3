using System.Globalization;
using Delivery.Contracts.Telemetry;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// Whether the Mta can do its work: the spool takes commits and has room on its disk, and the suppressions are known well enough to send by them.
/// A relay that is away does not count: mail waits for it, and is taken all the same. Thread-safe.
/// </summary>
internal sealed class ReadyChecks(SpoolWriter writer, SpoolRoom room, SuppressionMirror suppressions, MtaGauges gauges, TimeProvider time)
{
    private static readonly TimeSpan ProbeMayTake = TimeSpan.FromSeconds(2);

    public async Task<Readiness> LookAsync()
    {
        var reasons = new List<string>();
        var notes = new List<string>();
        if (await SpoolFaultAsync().ConfigureAwait(false) is { } fault)
            reasons.Add(fault);
        if (room.DiskIsFull())
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"The spool's disk has {room.FreeBytes} bytes free, fewer than Mta:MinFreeBytes: jobs are answered 507"));
        if (room.IsFull())
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{writer.OpenRecipients} recipients wait, as many as Mta:MaxOpenRecipients: jobs are answered 429"));
        if (!suppressions.IsFresh)
        {
            reasons.Add(suppressions.Age is { } age
                ? string.Create(CultureInfo.InvariantCulture, $"Redis has not told the suppressions for {age.TotalSeconds:0} s: bulk mail waits, jobs are taken")
                : "Redis has not told the suppressions yet: mail waits, jobs are taken");
        }

        if (gauges.RelayIsAway)
            notes.Add("The relay is away: mail waits, jobs are taken");
        return new Readiness(reasons, notes);
    }

    /// <summary>A disk that failed is tried: nobody else may be writing who would find out that it is well again.</summary>
    private async Task<string?> SpoolFaultAsync()
    {
        if (writer.Fault is null)
            return null;
        try
        {
            await writer.CommitAsync(new ProbeWrite()).WaitAsync(ProbeMayTake, time).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is SqliteException or IOException or TimeoutException)
        {
            return $"The spool cannot be written: {e.Message}";
        }
    }
}
