using System.Diagnostics;
using Delivery.Mta.Jobs;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Telemetry.Tracing;

/// <summary>Brings what is said on connections to those who read a trace. While nobody does, all it costs is to ask <see cref="IsOn"/>. Thread-safe.</summary>
internal sealed class TraceHub(TimeProvider time)
{
    /// <summary>Readers at one time.</summary>
    public const int MaxReaders = 8;

    /// <summary>Readers of one account at one time, so that no account keeps others from looking.</summary>
    public const int MaxReadersOfAccount = 2;

    private readonly Lock _gate = new();
    private TraceReader[] _readers = [];
    private bool _isOn;

    public bool IsOn => Volatile.Read(ref _isOn);

    /// <summary>False where too many read already.</summary>
    public bool TryAdd(TraceReader reader)
    {
        lock (_gate)
        {
            if (_readers.Length >= MaxReaders || _readers.Count(one => one.Filter.Account == reader.Filter.Account) >= MaxReadersOfAccount)
                return false;
            Volatile.Write(ref _readers, [.. _readers, reader]);
            Volatile.Write(ref _isOn, true);
            return true;
        }
    }

    public void Remove(TraceReader reader)
    {
        lock (_gate)
        {
            Volatile.Write(ref _readers, [.. _readers.Where(one => one != reader)]);
            Volatile.Write(ref _isOn, _readers.Length > 0);
        }
    }

    /// <summary>Follows one attempt, or null where no reader wants it.</summary>
    public TraceTap? Open(int connection, OutgoingMessage message)
    {
        List<TraceReader>? wanting = null;
        foreach (var reader in Volatile.Read(ref _readers))
        {
            if (reader.Filter.Lets(message))
                (wanting ??= []).Add(reader);
        }

        return wanting is null ? null : new TraceTap(wanting, connection, message, Stopwatch.GetTimestamp(), time);
    }

    /// <summary>What happened to a connection, whoever's mail it carries: holds no address.</summary>
    public void Note(int connection, string text)
    {
        var line = new TraceLine { At = time.GetUtcNow(), Connection = connection, Kind = "note", Text = text };
        foreach (var reader in Volatile.Read(ref _readers))
            reader.Add(line);
    }
}
