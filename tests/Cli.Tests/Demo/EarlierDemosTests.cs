using Delivery.Cli.Demo;
using Delivery.Cli.Up;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Demo;

public sealed class EarlierDemosTests : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_what_a_killed_demo_left_is_removed()
    {
        var killed = Left(EarlierDemos.NameNow(Then, 1, keep: false), pid: true);
        var kept = Left(EarlierDemos.NameNow(Then, 2, keep: true), pid: true);
        var failed = Left(EarlierDemos.NameNow(Then, 3, keep: false), pid: false);
        var other = Left("demo-of-mine", pid: true);
        using (var running = DataFolder.Open(_folder.File(EarlierDemos.NameNow(Then, 4, keep: false))))
        {
            EarlierDemos.RemoveKilled(_folder.Path, DateTimeOffset.UtcNow.AddSeconds(90));
            Assert.True(File.Exists(running.KeysFile));
        }

        Assert.False(Directory.Exists(killed));
        Assert.All([kept, failed, other], folder => Assert.True(File.Exists(Path.Combine(folder, "logs", "mta.log"))));
    }

    [Fact]
    public void What_was_killed_a_moment_ago_waits_for_a_later_demo()
    {
        var killed = Left(EarlierDemos.NameNow(Then, 1, keep: false), pid: true);
        EarlierDemos.RemoveKilled(_folder.Path, DateTimeOffset.UtcNow);
        Assert.True(Directory.Exists(killed));
    }

    [Fact]
    public void Where_there_was_no_demo_there_is_nothing_to_do() => EarlierDemos.RemoveKilled(_folder.File("nowhere"), Then);

    private string Left(string name, bool pid)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        File.WriteAllText(Path.Combine(folder, "logs", "mta.log"), "");
        File.WriteAllText(Path.Combine(folder, "lock"), "");
        if (pid)
            File.WriteAllText(Path.Combine(folder, "pid"), "1\n");
        return folder;
    }
}
