namespace Delivery.Mta.Smtp;

/// <summary>Whether the relay's CHUNKING can be trusted: until it fails once, and then not again in this pool's life. Thread-safe.</summary>
internal sealed class ChunkingTrust(string host, ILogger log)
{
    private int _lost;

    public bool IsLost => Volatile.Read(ref _lost) != 0;

    /// <summary>The relay gets its messages with PIPELINING from now on; the first reason is logged.</summary>
    public void Lose(string reason)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0) SmtpLog.ChunkingIsUnfit(log, host, reason);
    }
}
