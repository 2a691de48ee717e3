namespace Delivery.Cli.Processes;

/// <summary>The children of one launcher. Dispose stops them, the last that was started first. Start and stop from one caller.</summary>
internal sealed class ChildGroup(string logs, Notices notices, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private readonly ProcessStarter _starter = new();

    /// <summary>In the order of their start.</summary>
    private readonly List<SupervisedChild> _children = [];

    /// <summary>Starts several that do not need one another, at once. The first failure ends the wait for the others.</summary>
    /// <exception cref="LaunchException">One did not start.</exception>
    public async Task StartAsync(IReadOnlyList<ChildSpec> specs, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var starts = new List<Task>();
        foreach (var spec in specs)
        {
            var child = new SupervisedChild(spec, new ChildLog(logs, spec.Name), _starter, notices, time);
            _children.Add(child);
            starts.Add(child.StartAsync(ReadyDeadline, failed.Token));
        }

        await foreach (var start in Task.WhenEach(starts).WithCancellation(CancellationToken.None))
        {
            if (start.IsCompletedSuccessfully)
                continue;
            await failed.CancelAsync();
            await Task.WhenAll(starts).ContinueWith(static _ => { }, TaskScheduler.Default);
            await start;
        }
    }

    /// <summary>The process of a child, or 0 where none of that name runs now.</summary>
    public int ProcessId(string name) => _children.Find(child => child.Name == name)?.ProcessId ?? 0;

    /// <summary>Ends all at once, for an operator who asks twice.</summary>
    public void Kill()
    {
        foreach (var child in _children)
            child.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _children.Count - 1; i >= 0; i--)
            await _children[i].DisposeAsync();
        _starter.Dispose();
    }
}
