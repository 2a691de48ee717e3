using System.Diagnostics;
using Delivery.Cli.Processes;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Processes;

public sealed class SupervisedChildTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly ProcessStarter _starter = new();
    private readonly StringWriter _notices = new();

    public void Dispose()
    {
        _starter.Dispose();
        _folder.Dispose();
        _notices.Dispose();
    }

    [Fact]
    public async Task A_child_that_died_is_started_again_and_one_line_says_so()
    {
        await using var child = Child("echo started >>runs; echo 'warn: Fake[0]'; echo '      Not about the kill'; exec tail -f /dev/null");
        await child.StartAsync(Deadline, CancellationToken.None);
        var first = child.ProcessId;
        Process.GetProcessById(first).Kill();
        await Eventually.HoldsAsync(() => child.ProcessId != 0 && child.ProcessId != first, "another process runs");
        await Eventually.HoldsAsync(() => File.ReadAllLines(_folder.File("runs")).Length == 2, "it ran twice");
        var line = Assert.Single(_notices.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("delivery: fake was killed by signal 9; starts again in 1 s (log: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_gave_up_is_quoted_with_its_last_complaint()
    {
        await using var child = Child("echo started >>runs; echo 'fail: Fake[7]'; echo '      The spool is full'; echo 'info: Fake[0]'; echo '      Stopping'; while [ ! -e end ]; do sleep 0.02; done; exit 3");
        await child.StartAsync(Deadline, CancellationToken.None);
        await File.WriteAllTextAsync(_folder.File("end"), "");
        await Eventually.HoldsAsync(() => _notices.ToString().Contains('\n', StringComparison.Ordinal), "the end is noticed");
        Assert.StartsWith("delivery: fake ended with code 3; starts again in 1 s: The spool is full (log: ", _notices.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info: Fake[0]\n      warn: no level of its own\n", "")]
    [InlineData("17:M 22 Nov 2026 07:05:10.519 # Out of memory\n17:M 22 Nov 2026 07:05:10.520 * Ready to accept connections\n", "17:M 22 Nov 2026 07:05:10.519 # Out of memory")]
    [InlineData("fake: Fake:Url is not set\n", "fake: Fake:Url is not set")]
    [InlineData("Unhandled exception. System.Exception: x\n   at Y()\n", "Unhandled exception. System.Exception: x")]
    [InlineData("warn: Fake[1]\n      first\ncrit: Fake[2]\n      second\u001b\n", "second")]
    public void Only_a_warning_or_worse_is_a_complaint(string text, string expected)
    {
        var log = new ChildLog(_folder.Path, "fake");
        File.WriteAllText(log.Path, text);
        Assert.Equal(expected, log.LastComplaint());
        log.BeginRun();
        Assert.Equal("", log.LastComplaint());
    }

    [Fact]
    public async Task Stop_asks_first_and_the_child_may_finish_its_work()
    {
        var child = Child("trap 'echo finished >done; exit 0' TERM; echo >runs; while :; do sleep 0.05; done");
        await child.StartAsync(Deadline, CancellationToken.None);
        var process = Process.GetProcessById(child.ProcessId);
        await child.DisposeAsync();
        Assert.True(process.HasExited);
        Assert.Equal("finished\n", await File.ReadAllTextAsync(_folder.File("done")));
        Assert.Empty(_notices.ToString());
    }

    [Fact]
    public async Task Who_does_not_listen_is_killed_when_the_grace_is_over()
    {
        var child = Child("trap '' TERM; echo >runs; while :; do sleep 0.05; done", TimeSpan.FromMilliseconds(200));
        await child.StartAsync(Deadline, CancellationToken.None);
        var process = Process.GetProcessById(child.ProcessId);
        await child.DisposeAsync();
        Assert.True(process.HasExited);
        Assert.Contains("is killed", _notices.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_tells_the_childs_last_line_and_its_code()
    {
        await using var child = Child("echo first; echo 'Fake:Url is not set' >&2; exit 2");
        var error = await Assert.ThrowsAsync<LaunchException>(() => child.StartAsync(Deadline, CancellationToken.None));
        Assert.Contains("Fake:Url is not set", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("first", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }

    [Fact]
    public async Task Who_is_never_ready_is_given_up_and_stopped()
    {
        var child = Child("exec tail -f /dev/null", ready: _ => Task.FromResult(false));
        var error = await Assert.ThrowsAsync<LaunchException>(() => child.StartAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None));
        Assert.Contains("not ready", error.Message, StringComparison.Ordinal);
        var process = Process.GetProcessById(child.ProcessId);
        await child.DisposeAsync();
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task A_stop_during_the_pause_before_a_restart_starts_nothing()
    {
        var child = Child("echo started >>runs; exec tail -f /dev/null");
        await child.StartAsync(Deadline, CancellationToken.None);
        Process.GetProcessById(child.ProcessId).Kill();
        await Eventually.HoldsAsync(() => _notices.ToString().Length > 0, "the death is noticed");
        await child.DisposeAsync();
        Assert.Single(await File.ReadAllLinesAsync(_folder.File("runs")));
    }

    [Fact]
    public void A_long_log_is_moved_aside_at_the_start_and_the_last_line_is_of_this_run()
    {
        var path = _folder.File("big.log");
        using (var big = File.Create(path))
            big.SetLength(ChildLog.MaxBytes + 1);
        var log = new ChildLog(_folder.Path, "big");
        Assert.True(File.Exists(path + ".1"));
        Assert.False(File.Exists(path));
        File.WriteAllText(path, "one\nof this run\u001b[0m\n\n");
        Assert.Equal("of this run[0m", log.LastLine());
        Assert.Equal("", new ChildLog(_folder.Path, "big").LastLine());
    }

    private SupervisedChild Child(string script, TimeSpan? grace = null, Func<CancellationToken, Task<bool>>? ready = null) => new(
        new ChildSpec
        {
            Name = "fake",
            Command = ["/bin/sh", "-c", "cd \"$FOLDER\" && " + script],
            Environment = new Dictionary<string, string> { ["FOLDER"] = _folder.Path },
            Ready = ready ?? (_ => Task.FromResult(new FileInfo(_folder.File("runs")) is { Exists: true, Length: > 0 })),
            Grace = grace ?? Deadline,
        },
        new ChildLog(_folder.File("logs"), "fake"), _starter, new Notices(_notices), TimeProvider.System);
}
