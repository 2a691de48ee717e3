namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>
/// The net under the engine. A statement that runs out of its time is cancelled; one that does not end then either is
/// answered with an error, and the process ends, as nothing else frees a thread inside the library. Should .NET itself
/// stand still, the alarm that this loop keeps putting off ends the process.
/// </summary>
internal sealed class EngineWatch(EngineHost engine, RunningStatements statements, EngineOptions options, TimeProvider time, ILogger<EngineWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>An answer that is complete still has to leave by the socket.</summary>
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(1);

    /// <summary>The alarm is set before the program serves.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        ProcessEnd.PutOff(options.StuckAfter);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                ProcessEnd.PutOff(options.StuckAfter);
                foreach (var statement in statements.All) await CheckAsync(statement);
            }
        }
        catch (OperationCanceledException)
        {
            ProcessEnd.PutOff(TimeSpan.Zero);
        }
    }

    private async Task CheckAsync(RunningStatement statement)
    {
        var (limit, byEngine) = statement.Limit;
        var taken = statement.InCall;
        if (taken > limit + options.StuckAfter)
        {
            statement.GiveUp();
            await Task.WhenAny(statement.Answered, Task.Delay(AnswerTime, time));
            await Task.Delay(SendTime, time);
            ProcessEnd.Now(FormattableString.Invariant(
                $"The engine is stuck: statement {statement.QueryId} is inside it for {taken.TotalSeconds:0} s and cannot be cancelled. This process ends with code {ProcessEnd.StuckCode}, so that a new one can serve."));
        }

        if (taken <= (byEngine ? limit + (options.StuckAfter / 2) : limit) || !statement.TryKill()) return;
        log.OutOfTime(statement.QueryId, taken.TotalSeconds);
        _ = Task.Run(() => engine.Kill(statement.Mark), CancellationToken.None);
    }
}
