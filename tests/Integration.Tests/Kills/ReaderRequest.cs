namespace Delivery.Integration.Tests.Kills;

/// <summary>What a reader does once: the event that it must become, and how.</summary>
/// <param name="Kind">Name of the event's kind.</param>
/// <param name="Position">Position and loop index of the link; 0 where none.</param>
internal readonly record struct ReadKey(string Kind, int Recipient, int Position, int LoopIndex);

/// <param name="Location">What a redirect must name; null where none is expected.</param>
internal sealed record ReaderRequest(ReadKey Key, string Path, bool Posts, string? Location);

/// <summary>How a request ended.</summary>
internal enum ReadResult
{
    /// <summary>The answer's head was read: the event is promised.</summary>
    Answered,

    /// <summary>503 to an unsubscribe: it may be recorded, and the reader is told to try again.</summary>
    Refused,

    /// <summary>The connection broke after the request was sent.</summary>
    Maybe,
}

/// <summary>A line of the readers' ledger.</summary>
internal sealed record ReadEntry(DateTimeOffset At, ReaderRequest Request, ReadResult Result, string Answer);
