using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>
/// Whether the engine answers, asked past the queue of statements. Callers at the same time share one question. An
/// engine that is slow while statements run is busy and not broken. Thread-safe.
/// </summary>
internal sealed class HealthProbe(EngineHost engine, StatementGate gate)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private Task? _asking;

    public async Task<IResult> AnswerAsync()
    {
        try
        {
            await Ask().WaitAsync(Deadline);
        }
        catch (TimeoutException) when (gate.Running > 0)
        {
            // Busy.
        }
        catch (TimeoutException)
        {
            return Results.Text("The engine does not answer.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (EngineException error)
        {
            return Results.Text(error.Message + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Results.Text("Ok.\n");
    }

    private Task Ask()
    {
        lock (_lock) return _asking is { IsCompleted: false } asking ? asking : _asking = Task.Run(engine.Probe);
    }
}
