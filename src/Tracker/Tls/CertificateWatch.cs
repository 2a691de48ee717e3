using System.Diagnostics.Metrics;
using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Tls;

/// <summary>Follows the files of the certificates, so that a renewed one is served without a restart, and tells of one that expires soon, once a day.</summary>
internal sealed class CertificateWatch : BackgroundService
{
    /// <summary>From when on an expiry is told.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Repeat = TimeSpan.FromDays(1);
    private readonly TlsCertificates _certificates;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateWatch> _log;
    private readonly DateTimeOffset[] _warned;

    public CertificateWatch(TlsCertificates certificates, IMeterFactory meters, TimeProvider time, ILogger<CertificateWatch> log)
    {
        _certificates = certificates;
        _time = time;
        _log = log;
        _warned = new DateTimeOffset[certificates.Slots.Count];
        if (certificates.Slots.Count > 0)
        {
            meters.Create(TrackerMetrics.MeterName).CreateObservableGauge(
                "delivery.tracker.certificate_expires", Expiries, "s", "Seconds until the certificate expires; below 0 it has.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_certificates.Slots.Count == 0)
            return;
        foreach (var slot in _certificates.Slots)
            TrackerLog.CertificateServed(_log, slot.Path, slot.Current.Names, slot.Current.Expires);
        using var timer = new PeriodicTimer(Every, _time);
        try
        {
            do
            {
                for (var i = 0; i < _certificates.Slots.Count; i++)
                    Look(i);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void Look(int index)
    {
        var slot = _certificates.Slots[index];
        var now = _time.GetUtcNow();
        if (slot.Look(now, out var fault))
        {
            TrackerLog.CertificateServed(_log, slot.Path, slot.Current.Names, slot.Current.Expires);
            _warned[index] = default;
        }
        else if (fault is not null)
        {
            TrackerLog.CertificateRefused(_log, fault);
        }

        if (slot.Current.Expires - now > Soon || now - _warned[index] < Repeat)
            return;
        _warned[index] = now;
        TrackerLog.CertificateExpires(_log, slot.Path, slot.Current.Names, slot.Current.Expires);
    }

    private IEnumerable<Measurement<double>> Expiries()
    {
        var now = _time.GetUtcNow();
        foreach (var slot in _certificates.Slots)
            yield return new Measurement<double>(Math.Round((slot.Current.Expires - now).TotalSeconds), new KeyValuePair<string, object?>("certificate", slot.Path));
    }
}
