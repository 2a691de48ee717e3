using System.Collections.Concurrent;

namespace Delivery.EmbeddedClickHouse.Engine;

/// <summary>The statements that run now. Thread-safe.</summary>
internal sealed class RunningStatements(EngineOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RunningStatement> _byMark = new(StringComparer.Ordinal);

    public IEnumerable<RunningStatement> All => _byMark.Select(pair => pair.Value);

    /// <summary>A call into the engine has taken so much longer than its statement may that it will hardly end.</summary>
    public bool Stuck => _byMark.Any(pair => pair.Value.InCall > pair.Value.Limit.Time + (options.StuckAfter / 2));

    public RunningStatement Begin(string queryId, string mark, StatementLimit limit) =>
        _byMark[mark] = new RunningStatement(queryId, mark, limit, time);

    public void End(RunningStatement statement) => _byMark.TryRemove(statement.Mark, out _);

    /// <summary>The mark of the statement with this id; null when none runs.</summary>
    public string? MarkOf(string queryId) => _byMark.FirstOrDefault(pair => pair.Value.QueryId == queryId).Key;
}
