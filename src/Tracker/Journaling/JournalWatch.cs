using Delivery.Tracker.Telemetry;

namespace Delivery.Tracker.Journaling;

/// <summary>
/// Tells that the journal fills before it is full: a line in the log, once each, when it passes 50, 80 and 95% of its bound, and when its disk has
/// less room than the journal may yet take. <see cref="Look"/> by one thread; the rest may be read by any.
/// </summary>
internal sealed class JournalWatch(EventJournal journal, TimeProvider time, ILogger log)
{
    private const int Forgets = 10;
    private static readonly int[] Steps = [50, 80, 95];
    private static readonly TimeSpan DiskInterval = TimeSpan.FromSeconds(2);
    private int _said;
    private bool _diskShort;
    private long _lookedAt;
    private long _freeBytes = -1;

    /// <summary>Bytes that the journal's disk had left a moment ago; -1 where it does not tell.</summary>
    public long DiskFreeBytes => Interlocked.Read(ref _freeBytes);

    /// <summary>True where the disk will be full before the journal is.</summary>
    public bool IsDiskShort => Volatile.Read(ref _diskShort);

    /// <summary>Part of <see cref="EventJournal.MaxBytes"/> that is on disk, in percent.</summary>
    public int Percent => (int)(journal.Bytes * 100 / journal.MaxBytes);

    public void Look()
    {
        var percent = Percent;
        var passed = 0;
        foreach (var step in Steps)
            passed = percent >= step ? step : passed;
        if (passed > _said)
        {
            if (passed == Steps[^1])
                TrackerLog.JournalAlmostFull(log, passed, journal.Bytes, journal.MaxBytes);
            else
                TrackerLog.JournalFills(log, passed, journal.Bytes, journal.MaxBytes);
            _said = passed;
        }
        else if (percent < _said - Forgets)
        {
            _said = passed;
        }

        if (_lookedAt != 0 && time.GetElapsedTime(_lookedAt) < DiskInterval)
            return;
        _lookedAt = time.GetTimestamp();
        var free = journal.DiskFreeBytes();
        Interlocked.Exchange(ref _freeBytes, free);
        var needed = journal.MaxBytes - journal.Bytes;
        var isShort = free >= 0 && free < needed;
        if (isShort && !_diskShort)
            TrackerLog.DiskShort(log, free, needed);
        Volatile.Write(ref _diskShort, isShort);
    }
}
