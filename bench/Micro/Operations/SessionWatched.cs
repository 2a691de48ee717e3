using System.Diagnostics.Metrics;
using Delivery.Contracts.Telemetry;
using Delivery.Mta.Smtp;
using Delivery.Mta.Telemetry;
using Delivery.Mta.Telemetry.Tracing;
using Microsoft.Extensions.DependencyInjection;

namespace Delivery.Micro.Operations;

/// <summary>What figures and a trace that nobody reads cost a message.</summary>
internal sealed class SessionWatched : HotOperation
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricsCollector _collector;
    private readonly SessionWatch _watch;
    private readonly Message _message = new();

    public SessionWatched()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricsCollector(meters);
        _watch = new SessionWatch(new SmtpInsight(new SmtpMetrics(meters), new TraceHub(TimeProvider.System)), 1);
    }

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            _watch.Begin(_message);
            _watch.Sent("MAIL"u8);
            _watch.Sent("RCPT"u8);
            _watch.Sent("DATA"u8);
            _watch.Flushed();
            _watch.Answered(SmtpStage.Mail);
            _watch.Answered(SmtpStage.Rcpt);
            _watch.Answered(SmtpStage.Data);
            _watch.SentBody(_message);
            _watch.Answered(SmtpStage.Final);
            _watch.Ended(_message, default);
        }
    }

    public override void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
        base.Dispose();
    }

    private sealed class Message : OutgoingMessage
    {
        public override void Complete(in DeliveryAttempt attempt)
        {
        }
    }
}
