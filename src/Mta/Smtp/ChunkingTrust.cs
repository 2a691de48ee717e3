namespace Delivery.Mta.Smtp;

/// <summary>
/// Whether the relay's CHUNKING can be trusted: until it breaks a rule once, or until connections break again and again before
/// they were of use; and then not again in this pool's life. Thread-safe.
/// </summary>
internal sealed class ChunkingTrust(string host, ILogger log)
{
    /// <summary>A relay that is started again breaks one; what stands before it and does not know BDAT breaks all.</summary>
    private const int MostDoubts = 3;

    private int _lost;
    private int _doubts;

    public bool IsLost => Volatile.Read(ref _lost) != 0;

    /// <summary>The relay gets its messages with PIPELINING from now on; the first reason is logged.</summary>
    public void Lose(string reason)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0) SmtpLog.ChunkingIsUnfit(log, host, reason);
    }

    /// <summary>A connection broke after BDAT and before it was of use, which can have other causes.</summary>
    public void Doubt(string reason)
    {
        if (Interlocked.Increment(ref _doubts) >= MostDoubts) Lose(reason);
    }

    /// <summary>A connection was of use.</summary>
    public void Keep() => Volatile.Write(ref _doubts, 0);
}
