using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Delivery.Mta.Telemetry;

/// <summary>How long peers take to answer. Times are from <see cref="Stopwatch"/> timestamps. Thread-safe; takes no lock and allocates nothing.</summary>
internal sealed class SmtpMetrics
{
    private readonly Histogram<double> _connect;
    private readonly Histogram<double> _opening;
    private readonly Histogram<double> _final;

    public SmtpMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MtaMetrics.MeterName);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };
        _connect = meter.CreateHistogram("delivery.mta.smtp.connect", "s", "From the start of a connection to where mail can be sent on it.", advice: advice);
        _opening = meter.CreateHistogram("delivery.mta.smtp.opening_reply", "s",
            "From when MAIL, RCPT and DATA left to the reply to DATA; on a busy connection the answer to the message before comes first and is in it.", advice: advice);
        _final = meter.CreateHistogram("delivery.mta.smtp.final_reply", "s", "From when the last of a body left to the reply to it; with BDAT from when the message was taken.", advice: advice);
    }

    public void Connected(long since) => _connect.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    public void OpeningAnswered(long since) => _opening.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    public void FinalAnswered(long since) => _final.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
}
