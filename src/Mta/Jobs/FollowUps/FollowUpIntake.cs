using System.Text.Json;
using Delivery.Contracts.Streams;
using Delivery.Mta.Jobs.Control;
using Delivery.Mta.Jobs.Uploads;
using Delivery.Mta.Lanes;
using Delivery.Mta.Look;
using Delivery.Mta.Messages;
using Delivery.Mta.Spool;
using Delivery.Mta.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>
/// Takes a job to an audience. First the audience is read whole, as a set of ordinals, and nothing is stored; then a job is opened and filled with those
/// recipients out of the spool; then it is started, in one commit with the answer to its idempotency key. What does not come to that commit is never sent:
/// it is cancelled, at the next start where the program was killed. Thread-safe.
/// </summary>
internal sealed class FollowUpIntake(
    SpoolReader reader, SpoolWriter writer, SpoolRoom room, JobTable jobs, JobControl control, JobCheck check, OpenUploads uploads, AudienceClient reports, FollowUpPlaces places,
    SuppressionMirror suppressions, IOptions<MtaOptions> options, IOptions<RedisOptions> redis, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FollowUpIntake> log)
{
    /// <exception cref="SpoolFullException">The disk is full; nothing is sent.</exception>
    /// <exception cref="SqliteException">The spool cannot be written; nothing is sent.</exception>
    /// <exception cref="OperationCanceledException">The client left while the audience was read; nothing was stored.</exception>
    public async Task<IntakeResult> TakeAsync(FollowUp followUp, AudienceCaller caller)
    {
        if (reports.Url is null)
            return IntakeResult.Refused([FollowUpProblems.NotSetUp()]);
        if (!caller.MayRead)
            return IntakeResult.Failed(FollowUpProblems.MayNotRead());
        var account = followUp.Spooled.Account;
        if (reader.Progress(account, followUp.Audience.Job) is not { } source)
            return IntakeResult.Failed(FollowUpProblems.NoSuchJob(followUp.Audience.Job, options.Value.Node, options.Value.KeepFinished));
        using var place = places.TryTake(account, followUp.IdempotencyKey, out var noPlace);
        if (place is null)
            return IntakeResult.Failed(noPlace!);

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(caller.Gone, lifetime.ApplicationStopping);
        AudienceAnswer answer;
        try
        {
            answer = await reports.ReadAsync(followUp.Audience, caller.Authorization, source.Counts.Accepted, gone.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!caller.Gone.IsCancellationRequested)
        {
            return IntakeResult.Failed(FollowUpProblems.Stopping());
        }

        if (answer.People is not { } people)
            return IntakeResult.Failed(answer.Failure!);
        if (people.People == 0)
            return IntakeResult.Failed(FollowUpProblems.Nobody(answer.FreshAsOf, 0));
        if (Cap(followUp, people.People) is { } cap)
            return IntakeResult.Capped(cap);
        if (room.IsFull(people.People))
            return IntakeResult.Failed(FollowUpProblems.Full());
        List<Finding>? warnings = null;
        if (followUp.Job.Options.Check != CheckMode.Off)
        {
            warnings = await LookAsync(followUp, people).ConfigureAwait(false);
            if (followUp.Job.Options.Check == CheckMode.Strict && JobCheck.Refusal(warnings) is { Count: > 0 } refusal)
                return IntakeResult.Refused(refusal);
        }

        return await FillAsync(followUp, answer, people, warnings).ConfigureAwait(false);
    }

    private async Task<IntakeResult> FillAsync(FollowUp followUp, AudienceAnswer answer, AudienceSet people, List<Finding>? warnings)
    {
        var job = followUp.Spooled;
        using var lease = uploads.TryLease(job.Id);
        var open = new AcceptJob(
            job, [], followUp.Events, null, followUp.BodyHash, [], caps: AccountCaps.Of(followUp.Owner, job.Account, job.CreatedMs), filledFrom: followUp.Audience.Job);
        await writer.CommitAsync(open).ConfigureAwait(false);
        if (open.Cap is { } cap)
            return IntakeResult.Capped(cap);
        FinishFollowUp? finish = null;
        try
        {
            var take = new FollowUpTake(followUp, new FollowUpSource(reader, followUp.Audience.Job, people), writer, room, suppressions, redis.Value, time);
            if (await take.RunAsync(lifetime.ApplicationStopping).ConfigureAwait(false) is { } end)
                return end;
            if (take.Accepted == 0)
                return IntakeResult.Failed(FollowUpProblems.Nobody(answer.FreshAsOf, people.People));
            var response = Response(followUp, answer, people, take, warnings);
            finish = new FinishFollowUp(
                job.Account, job.Id, followUp.Audience.Job, followUp.IdempotencyKey, followUp.BodyHash, response, time.GetUtcNow().ToUnixTimeMilliseconds());
            await writer.CommitAsync(finish).ConfigureAwait(false);
            if (finish.Earlier is { } earlier)
                return IntakeResult.Replayed(earlier);
            if (finish.SourceLeft)
                return IntakeResult.Failed(FollowUpProblems.SourceLeft(options.Value.KeepFinished));
            if (!finish.Started)
                return IntakeResult.Failed(FollowUpProblems.Cancelled());
            if (reader.Unfinished(job.Id) is { } started)
                jobs.TryAdd(started);
            return IntakeResult.Taken(job.Id, response);
        }
        finally
        {
            if (finish is not { Started: true })
                await CancelAsync(job.Id).ConfigureAwait(false);
        }
    }

    private static byte[] Response(FollowUp followUp, AudienceAnswer answer, AudienceSet people, FollowUpTake take, List<Finding>? warnings)
    {
        var taken = new JobAccepted(
            JobIds.Format(followUp.Spooled.Id), take.Accepted, [], Warnings: warnings, Suppressed: take.Suppressed == 0 ? null : take.Suppressed,
            Audience: new AudienceTaken(JobIds.Format(followUp.Audience.Job), people.People, people.People - take.Accepted), FreshAsOf: answer.FreshAsOf);
        return JsonSerializer.SerializeToUtf8Bytes(taken, MtaJson.Default.JobAccepted);
    }

    /// <summary>Looks at the first recipients, as for a job that names them.</summary>
    private async Task<List<Finding>> LookAsync(FollowUp followUp, AudienceSet people)
    {
        var recipients = new List<JobRecipient>();
        var indexes = new List<int>();
        var source = new FollowUpSource(reader, followUp.Audience.Job, people);
        foreach (var one in source.Next(followUp.Spooled.Account, followUp.Spooled.Id, 0).Recipients.Take(JobCheck.DefaultSample))
        {
            indexes.Add(recipients.Count);
            recipients.Add(new JobRecipient
            {
                Address = new Mailbox(one.Email, one.Name),
                Id = one.UpstreamId,
                Variant = one.Variant,
                SubstitutionData = one.SubstitutionData is { } data ? JsonElement.Parse(data) : default,
                Metadata = one.Metadata is { } metadata ? JsonElement.Parse(metadata) : default,
            });
        }

        return await check.LookAsync(followUp.Spooled.Account, followUp.Job with { Recipients = recipients }, indexes, followUp.Compiled).ConfigureAwait(false);
    }

    /// <summary>What would stand against so many, before anything is stored.</summary>
    private CapReached? Cap(FollowUp followUp, long people)
    {
        var account = followUp.Spooled.Account;
        var caps = AccountCaps.Of(followUp.Owner, account, time.GetUtcNow().ToUnixTimeMilliseconds());
        return caps.RecipientsPerDay is { } most && reader.CountOfDay(account, caps.Day) is var taken && taken + people > most
            ? new CapReached(CapReached.RecipientsName, most, taken, people > most ? null : caps.SecondsLeft, people)
            : null;
    }

    private async Task CancelAsync(ulong job)
    {
        try
        {
            await control.HoldAsync(job, JobHold.Cancelled).ConfigureAwait(false);
            await writer.CommitAsync(new ForgetFollowUp(job)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SpoolFullException or SqliteException or IOException)
        {
            Log.HalfFilledStays(log, e, job);
        }
    }
}
