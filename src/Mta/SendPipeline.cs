using System.Threading.Channels;
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
/// <item>accept: <see cref="Jobs.JobIntake"/> has it on disk; <see cref="Feeder"/> claims it when its turn comes</item>
/// <item>personalize, compose: <see cref="Composer"/> renders Templates/ into the bytes of Messages/, signed by Dkim/</item>
/// <item>route, queue: one lane, to the relay (Lanes/)</item>
/// <item>deliver: <see cref="SmtpPool"/>, one round trip a message</item>
/// <item>outcome: <see cref="OutcomeWriter"/> has it on disk with its event</item>
/// <item>publish: <see cref="OutboxPublishers"/> brings events into Redis</item>
/// </list>
/// Channels between them are bounded by <see cref="InFlight"/>. Stops in the order of the path, so that all that was on its way is accounted for.
/// </summary>
internal sealed class SendPipeline(
    SpoolWriter writer, Feeder feeder, Func<Composer> composers, OutcomeWriter outcomes, OutboxPublishers publishers,
    InFlight inFlight, IOptions<SmtpOptions> smtp, TimeProvider time, ILoggerFactory logs, ILogger<SendPipeline> log) : BackgroundService
{
    private const int LaneDepth = 256;
    private static readonly TimeSpan OutcomesMayTake = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var requeue = new RequeueInFlight(time.GetUtcNow().ToUnixTimeMilliseconds());
        await writer.CommitAsync(requeue, cancellationToken).ConfigureAwait(false);
        feeder.Resume();
        Log.SpoolOpened(log, writer.OpenRecipients, requeue.Found);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateBounded<SpooledRecipient>(new BoundedChannelOptions(inFlight.Capacity) { SingleWriter = true });
        var lane = Channel.CreateBounded<OutgoingMessage>(LaneDepth);
        using var pool = new SmtpPool(smtp.Value, lane.Reader, time, logs.CreateLogger<SmtpPool>());
        using var abandon = new CancellationTokenSource();

        var publishing = publishers.RunAsync(stoppingToken);
        var writing = outcomes.RunAsync(abandon.Token);
        var delivering = pool.RunAsync(stoppingToken);
        var composing = Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => composers().RunAsync(claimed.Reader, lane.Writer, stoppingToken), CancellationToken.None)));
        var feeding = feeder.RunAsync(claimed.Writer, stoppingToken);

        // None of them ends before the stop. One that does has failed, and the program with it: what starts it again finds all in the spool.
        var ended = await Task.WhenAny(publishing, writing, delivering, composing, feeding).ConfigureAwait(false);
        await ended.ConfigureAwait(false);
        await feeding.ConfigureAwait(false);

        Log.Stopping(log);
        claimed.Writer.Complete();
        await composing.ConfigureAwait(false);
        lane.Writer.Complete();
        await delivering.ConfigureAwait(false);
        while (lane.Reader.TryRead(out var left))
            ((MailMessage)left).Return();
        outcomes.Complete();
        abandon.CancelAfter(OutcomesMayTake);
        await writing.ConfigureAwait(false);
        await publishing.ConfigureAwait(false);
        await publishers.PublishLastAsync().ConfigureAwait(false);
        Log.Stopped(log);
    }
}
