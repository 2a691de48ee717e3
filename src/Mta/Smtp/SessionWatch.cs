using System.Collections.Concurrent;
using System.Diagnostics;
using Delivery.Mta.Telemetry.Tracing;

namespace Delivery.Mta.Smtp;

/// <summary>
/// Watches one session: tells figures how long the peer took, and a trace what was said. Replies come in the order of the transactions, so
/// that the oldest transaction without its replies is the one that a reply is for, however many are under way. One side may write while the
/// other reads; else not thread-safe. While nobody traces, a transaction costs two counts, one volatile read and the clock.
/// </summary>
internal sealed class SessionWatch(SmtpInsight insight, int connection)
{
    private readonly ConcurrentQueue<(long Number, TraceTap Tap)> _traced = new();
    private long _written;
    private long _answered;
    private long _flushedAt = Stopwatch.GetTimestamp();
    private TraceTap? _writing;
    private TraceTap? _answering;

    /// <summary>A transaction begins: its MAIL is written next.</summary>
    public void Begin(OutgoingMessage message)
    {
        _written++;
        message.BegunAt = Stopwatch.GetTimestamp();
        _writing = insight.Trace.IsOn ? insight.Trace.Open(connection, message) : null;
        if (_writing is { } tap)
            _traced.Enqueue((_written, tap));
    }

    /// <summary>Bytes of commands that are about to leave, without bodies and credentials.</summary>
    public void Sent(ReadOnlySpan<byte> commands) => _writing?.Sent(commands);

    /// <summary>The body goes out.</summary>
    public void SentBody(OutgoingMessage message) => Of(message)?.Note($"body of {message.Length} bytes");

    public void Flushed() => _flushedAt = Stopwatch.GetTimestamp();

    /// <summary>The replies that come now are to what was taken so long ago, where several transactions leave before the first is answered.</summary>
    public void Flushed(TimeSpan ago) => _flushedAt = Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency);

    /// <summary>True where somebody wants a reply's text.</summary>
    public bool Answered(SmtpStage stage)
    {
        switch (stage)
        {
            case SmtpStage.None:
                // To RSET, between two transactions.
                return false;
            case SmtpStage.Mail:
                _answered++;
                _answering = _traced.TryPeek(out var first) && first.Number == _answered && _traced.TryDequeue(out first) ? first.Tap : null;
                break;
            case SmtpStage.Data:
                insight.Metrics.OpeningAnswered(_flushedAt);
                break;
            case SmtpStage.Final:
                insight.Metrics.FinalAnswered(_flushedAt);
                break;
            default:
                break;
        }

        return _answering is not null;
    }

    public void Received(in SmtpReply reply) => _answering?.Received(reply.ToString());

    /// <summary>The message is completed; <paramref name="attempt"/> says how.</summary>
    public void Ended(OutgoingMessage message, in DeliveryAttempt attempt)
    {
        if (Of(message) is not { } tap)
            return;
        if (attempt.Result == AttemptResult.ConnectionLost)
            tap.Note($"connection lost: {attempt.Reply}");
        tap.End(attempt.Result.ToString().ToLowerInvariant());
    }

    private TraceTap? Of(OutgoingMessage message)
    {
        if (_answering?.Message == message)
            return _answering;
        if (_writing?.Message == message)
            return _writing;
        if (_traced.IsEmpty)
            return null;
        foreach (var (_, tap) in _traced)
        {
            if (tap.Message == message)
                return tap;
        }

        return null;
    }
}
