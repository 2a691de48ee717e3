using Delivery.Contracts.Dkim;

namespace Delivery.Mta.Dkim;

/// <summary>
/// The keys of the folder, as they are there now. A file that is not fit to sign with is named in the log; where it took the place of a
/// sound one, that one goes on signing, so that mail does not leave unsigned because of a slip. Thread-safe but for <see cref="Refresh"/>,
/// which one caller at a time may use.
/// </summary>
internal sealed partial class DkimKeys(string folder, ILogger<DkimKeys> log)
{
    private readonly Dictionary<string, (Stamp Stamp, DkimKey Key)> _known = [];
    private readonly Dictionary<string, string> _faults = [];
    private volatile DkimTable _current = DkimTable.Empty;
    private volatile string[] _faultLines = [];
    private long _signatures;

    public DkimTable Current => _current;

    /// <summary>Signatures made since the start.</summary>
    public long Signatures => Interlocked.Read(ref _signatures);

    /// <summary>What was wrong with files of active keys at the last look, one line each.</summary>
    public IReadOnlyList<string> Faults => _faultLines;

    public void CountSignatures(int made) => Interlocked.Add(ref _signatures, made);

    /// <summary>Reads what is new or changed, and lets go of what is gone or not active any more.</summary>
    public void Refresh()
    {
        Look();
        _faultLines = [.. _faults.Values];
    }

    private void Look()
    {
        IReadOnlyList<DkimKeyFile> files;
        try
        {
            files = DkimKeyFile.List(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault(folder, $"{folder} cannot be listed: {e.Message}");
            return;
        }

        _faults.Remove(folder);
        var changed = false;
        var active = new HashSet<string>();
        foreach (var file in files)
        {
            if (file.State == DkimKeyState.Active)
            {
                active.Add(file.Path);
                changed |= TryRead(file);
            }
        }

        foreach (var gone in _known.Keys.Except(active).ToList())
        {
            LogGone(log, _known[gone].Key.Domain, _known[gone].Key.Selector);
            changed |= _known.Remove(gone);
        }

        foreach (var gone in _faults.Keys.Except(active).ToList())
            _faults.Remove(gone);
        if (changed)
            _current = new DkimTable(_known.Values.Select(known => known.Key));
    }

    /// <returns>Whether there is another key now.</returns>
    private bool TryRead(DkimKeyFile file)
    {
        var info = new FileInfo(file.Path);
        var stamp = new Stamp(info.Exists ? info.LastWriteTimeUtc : default, info.Exists ? info.Length : 0, info.UnixFileMode);
        if (_known.TryGetValue(file.Path, out var known) && known.Stamp == stamp)
        {
            _faults.Remove(file.Path);
            return false;
        }

        try
        {
            var key = DkimKey.Read(file);
            _known[file.Path] = (stamp, key);
            _faults.Remove(file.Path);
            LogRead(log, key.Domain, key.Selector, key.Bits);
            return true;
        }
        catch (InvalidDataException e)
        {
            Fault(file.Path, e.Message);
            return false;
        }
    }

    private void Fault(string path, string message)
    {
        if (_faults.TryGetValue(path, out var known) && known == message)
            return;
        _faults[path] = message;
        LogFault(log, message);
    }

    [LoggerMessage(60, LogLevel.Information, "Mail from {Domain} is signed with the DKIM key {Selector} ({Bits} bits)")]
    private static partial void LogRead(ILogger log, string domain, string selector, int bits);

    [LoggerMessage(61, LogLevel.Information, "Mail from {Domain} is no longer signed with the DKIM key {Selector}")]
    private static partial void LogGone(ILogger log, string domain, string selector);

    [LoggerMessage(62, LogLevel.Error, "DKIM: {Fault}")]
    private static partial void LogFault(ILogger log, string fault);

    private readonly record struct Stamp(DateTime Written, long Length, UnixFileMode Mode);
}
