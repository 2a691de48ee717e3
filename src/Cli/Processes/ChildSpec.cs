namespace Delivery.Cli.Processes;

/// <summary>A program that the launcher runs.</summary>
internal sealed record ChildSpec
{
    /// <summary>Names the child in messages and its log file.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Set on top of the launcher's own environment. May hold secrets: never logged.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the child takes work. May throw; that counts as not yet.</summary>
    public required Func<CancellationToken, Task<bool>> Ready { get; init; }

    /// <summary>Time between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
