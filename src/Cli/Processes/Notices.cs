namespace Delivery.Cli.Processes;

/// <summary>What the operator is told while it runs: one line each, on stderr. Thread-safe.</summary>
internal sealed class Notices(TextWriter writer)
{
    private readonly Lock _lock = new();

    public void Write(string line)
    {
        lock (_lock)
            writer.WriteLine("delivery: " + line);
    }
}
