using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Whether the engine answers, asked past the queue of statements. Callers at the same time share one question. An
/// engine that is slow while statements run is busy and not broken, until one of them is stuck. Thread-safe.
/// </summary>
internal sealed class HealthProbe(EngineHost engine, StatementGate gate, RunningStatements statements, EngineOptions options, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private Task? _asking;
    private long _askedAt;

    public async Task<IResult> AnswerAsync()
    {
        if (statements.Stuck) return DoesNotAnswer();
        try
        {
            await Ask().WaitAsync(Deadline);
        }
        catch (TimeoutException) when (gate.Running > 0 && time.GetElapsedTime(Volatile.Read(ref _askedAt)) < options.StuckAfter)
        {
            // Busy.
        }
        catch (TimeoutException)
        {
            return DoesNotAnswer();
        }
        catch (EngineException error)
        {
            return Results.Text(error.Message + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Results.Text("Ok.\n");
    }

    private static IResult DoesNotAnswer() => Results.Text("The engine does not answer.\n", statusCode: StatusCodes.Status503ServiceUnavailable);

    private Task Ask()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false } asking) return asking;
            Volatile.Write(ref _askedAt, time.GetTimestamp());
            return _asking = Task.Run(engine.Probe);
        }
    }
}
