using System.Globalization;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>The sessions that are kept, at most <see cref="EngineOptions.Sessions"/>. Thread-safe.</summary>
internal sealed class SessionTable(EngineOptions options, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>The session of this name, which is the caller's until <see cref="Leave"/>.</summary>
    /// <exception cref="EngineException">Code 372, 373 or 202: it is not there although it must be, has a request already, or there are too many.</exception>
    public Session Take(string id, bool mustExist)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(id, out var session))
            {
                if (session.Taken) throw EngineException.Of(373, "SESSION_IS_LOCKED", $"Session {id} is locked by a concurrent client");
                session.Taken = true;
                return session;
            }

            if (mustExist) throw EngineException.Of(372, "SESSION_NOT_FOUND", $"Session {id} not found");
            if (_sessions.Count >= options.Sessions)
                throw EngineException.Of(202, "TOO_MANY_SIMULTANEOUS_QUERIES", string.Create(
                    CultureInfo.InvariantCulture, $"Too many sessions: EmbeddedClickHouse:Sessions = {options.Sessions}. They end session_timeout seconds (60 unless told otherwise) after their last request"));
            return _sessions[id] = new Session { Taken = true };
        }
    }

    /// <summary>Gives the session back; it is kept for <paramref name="timeout"/>, or ended when that is zero or it is broken. Blocks.</summary>
    public void Leave(string id, Session session, TimeSpan timeout)
    {
        session.Restore();
        var ends = session.Broken || timeout == TimeSpan.Zero;
        if (ends) session.Dispose();
        lock (_lock)
        {
            if (ends) _sessions.Remove(id);
            session.ExpiresAt = time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);
            session.Taken = false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) End(time.GetTimestamp());
        }
        catch (OperationCanceledException)
        {
            End(long.MaxValue);
        }
    }

    private void End(long before)
    {
        var ended = new List<Session>();
        lock (_lock)
        {
            foreach (var (id, session) in _sessions)
            {
                if (session.Taken || session.ExpiresAt >= before) continue;
                _sessions.Remove(id);
                ended.Add(session);
            }
        }

        foreach (var session in ended) session.Dispose();
    }
}
