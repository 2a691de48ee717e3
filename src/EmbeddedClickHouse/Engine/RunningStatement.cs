namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// One statement from its first call into the engine to its last. Calls block, so each runs on a pool thread of its own;
/// a thread inside the engine cannot be freed, so the longest call is watched. One call at a time.
/// </summary>
internal sealed class RunningStatement(string queryId, string mark, StatementLimit limit, TimeProvider time)
{
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _callStarted;
    private int _killed;

    /// <summary>The caller's, or one that the front made.</summary>
    public string QueryId { get; } = queryId;

    /// <summary>How its log_comment begins.</summary>
    public string Mark { get; } = mark;

    public StatementLimit Limit { get; } = limit;

    /// <summary>It ran out of time and was cancelled.</summary>
    public bool Killed => Volatile.Read(ref _killed) != 0;

    /// <summary>Ends when the statement is not waited for any longer: the process is about to end.</summary>
    public Task GivenUp => _givenUp.Task;

    /// <summary>Ends when the client of a statement that was given up has its answer.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Time since the call that runs now began; zero between calls.</summary>
    public TimeSpan InCall => Volatile.Read(ref _callStarted) is var started && started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);

    public async Task<T> CallAsync<T>(Func<T> call)
    {
        Volatile.Write(ref _callStarted, time.GetTimestamp());
        try
        {
            return await Task.Run(call).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _callStarted, 0);
        }
    }

    public Task CallAsync(Action call) => CallAsync(() =>
    {
        call();
        return true;
    });

    /// <summary>True for the first caller, who cancels the statement.</summary>
    public bool TryKill() => Interlocked.Exchange(ref _killed, 1) == 0;

    public void GiveUp() => _givenUp.TrySetResult();

    public void SetAnswered() => _answered.TrySetResult();
}
