using Delivery.Mta.Lanes;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Publishing;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Mta;

/// <summary>
/// The path of a recipient, and this program's table of contents:
/// <code>
/// accept → personalize → compose → route → queue → deliver → outcome → publish
/// </code>
/// <list type="bullet">
/// <item>accept: <see cref="Jobs.JobIntake"/> has it on disk; a <see cref="Feeder"/> for each class claims it when its turn comes</item>
/// <item>personalize, compose: <see cref="Composer"/> renders Templates/ into the bytes of Messages/, signed by Dkim/</item>
/// <item>route, queue: one lane, to the relay, where transactional mail goes first (Lanes/)</item>
/// <item>deliver: <see cref="SmtpPool"/>, one round trip a message</item>
/// <item>outcome: <see cref="OutcomeWriter"/> has it on disk with its event</item>
/// <item>publish: <see cref="OutboxPublishers"/> brings events into Redis</item>
/// </list>
/// Channels between them are bounded by <see cref="InFlight"/>. Stops in the order of the path, so that all that was on its way is accounted for.
/// </summary>
internal sealed class SendPipeline(
    SpoolWriter writer, SpoolReader reader, JobTable jobs, SendLanes lanes, Func<bool, Feeder> feeders, Func<Composer> composers, JobEndings endings,
    OutcomeWriter outcomes, OutboxPublishers publishers, IOptions<SmtpOptions> smtp, SmtpInsight insight, MtaGauges gauges, TimeProvider time, ILoggerFactory logs, ILogger<SendPipeline> log) : BackgroundService
{
    private static readonly TimeSpan OutcomesMayTake = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var requeue = new RequeueInFlight(time.GetUtcNow().ToUnixTimeMilliseconds());
        await writer.CommitAsync(requeue, cancellationToken).ConfigureAwait(false);
        foreach (var job in reader.Unfinished())
            jobs.TryAdd(job);
        Log.SpoolOpened(log, writer.OpenRecipients, requeue.Found);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The host stops the program for it and says nothing.
            Log.PipelineFailed(log, e);
            Environment.ExitCode = 1;
            throw;
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var pool = new SmtpPool(smtp.Value, lanes.Wire, time, logs.CreateLogger<SmtpPool>()) { Insight = insight, OpenFor = SendLanes.OpenFor };
        gauges.Watch(pool);
        using var abandon = new CancellationTokenSource();

        var publishing = publishers.RunAsync(stoppingToken);
        var writing = outcomes.RunAsync(abandon.Token);
        var delivering = pool.RunAsync(stoppingToken);
        var composing = Task.WhenAll(Compose(urgent: false, Environment.ProcessorCount, stoppingToken), Compose(urgent: true, 1, stoppingToken));
        var ending = endings.RunAsync(stoppingToken);
        var feeding = feeders(false).RunAsync(stoppingToken);
        var urgentFeeding = feeders(true).RunAsync(stoppingToken);

        // None of them ends before the stop. One that does has failed, and the program with it: what starts it again finds all in the spool.
        var ended = await Task.WhenAny(publishing, writing, delivering, composing, ending, feeding, urgentFeeding).ConfigureAwait(false);
        await ended.ConfigureAwait(false);
        await feeding.ConfigureAwait(false);
        await urgentFeeding.ConfigureAwait(false);

        Log.Stopping(log);
        lanes.Claimed(urgent: false).Complete();
        lanes.Claimed(urgent: true).Complete();
        await composing.ConfigureAwait(false);
        lanes.Wire.Complete();
        await delivering.ConfigureAwait(false);
        await ending.ConfigureAwait(false);
        while (lanes.Wire.TryRead(out var left))
            ((MailMessage)left).Return();
        outcomes.Complete();
        abandon.CancelAfter(OutcomesMayTake);
        await writing.ConfigureAwait(false);
        await publishing.ConfigureAwait(false);
        await publishers.PublishLastAsync().ConfigureAwait(false);
        Log.Stopped(log);
    }

    /// <summary>Each class has composers of its own: those of bulk mail wait while the lane is full of it.</summary>
    private Task Compose(bool urgent, int workers, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => composers().RunAsync(lanes.Claimed(urgent), stopping), CancellationToken.None)));
}
