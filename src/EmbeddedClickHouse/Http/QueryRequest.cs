using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>One request's parts, checked, before its body is read.</summary>
internal sealed record QueryRequest
{
    public required string QueryId { get; init; }

    /// <summary>The statement, or its beginning, from the URL.</summary>
    public required string UrlQuery { get; init; }

    public required string Database { get; init; }

    /// <summary>The format where the statement names none.</summary>
    public required string DefaultFormat { get; init; }

    public required bool Reader { get; init; }

    /// <summary>The only account whose rows the reader sees; 0 for all.</summary>
    public required uint Account { get; init; }

    /// <summary>The whole result is made before the status line goes out, so an error always has its own status.</summary>
    public required bool Buffered { get; init; }

    public required bool Compress { get; init; }

    public required StatementParameters Parameters { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; }

    public required string LogComment { get; init; }

    /// <summary>Empty for a request of its own; a reader has no sessions.</summary>
    public required string SessionId { get; init; }

    /// <summary>How long the session is kept after this request; zero ends it.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>The session must be there already.</summary>
    public required bool SessionCheck { get; init; }

    /// <summary>The statement may not change anything, and the front sees to it: a session cannot be made readonly for one request.</summary>
    public required bool ReadOnlySession { get; init; }

    /// <summary>The summary is also wanted as the header of progress.</summary>
    public required bool Progress { get; init; }
}
