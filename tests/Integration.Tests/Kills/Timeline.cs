namespace Delivery.Integration.Tests.Kills;

/// <summary>What happened when, in one file of the run's folder. Thread-safe.</summary>
internal sealed class Timeline(string path) : IDisposable
{
    private readonly StreamWriter _writer = new(path, append: true) { AutoFlush = true };

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Add(string what)
    {
        lock (_writer) _writer.WriteLine($"{Now:HH:mm:ss.fff} {what}");
    }

    public void Dispose() => _writer.Dispose();
}
