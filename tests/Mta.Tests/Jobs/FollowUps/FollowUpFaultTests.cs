using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

/// <summary>Whatever breaks while a job to an audience is taken, nobody gets a mail of half a job, and nobody two.</summary>
public sealed class FollowUpFaultTests : IAsyncLifetime
{
    private readonly AccountsOnDisk _accounts = new();
    private ScriptedReports _reports = null!;
    private MtaFixture _mta = null!;

    public async Task InitializeAsync()
    {
        _reports = await ScriptedReports.StartAsync();
        _mta = await MtaFixture.StartAsync(("Mta__ReportsUrl", _reports.Url), ("Access__File", _accounts.Path));
    }

    public async Task DisposeAsync()
    {
        await _mta.DisposeAsync();
        await _reports.DisposeAsync();
        _accounts.Dispose();
    }

    [Fact]
    public async Task Reports_that_answer_in_part_or_not_at_all_leave_nothing_and_the_same_call_sends_it_later()
    {
        var source = await _mta.OpenSourceAsync(10);
        (Func<HttpContext, Task> Script, int Status, bool Later)[] faults =
        [
            (context => ScriptedReports.CutOffAsync(context, [1, 2, 3]), 503, true),
            (context => ScriptedReports.WriteAsync(context, [1, 2, 3], ""), 503, true),
            (context => ScriptedReports.WriteAsync(context, [1, 2, 3], "{\"end\":true,\"people\":4}\n"), 503, true),
            (context => ScriptedReports.WriteAsync(context, [1, 2, 2], "{\"end\":true,\"people\":3}\n"), 503, true),
            (context => ScriptedReports.RefuseAsync(context, 503, "ClickHouse"), 503, true),
            (context => ScriptedReports.RefuseAsync(context, 404, "No such job"), 503, true),
            (context => ScriptedReports.RefuseAsync(context, 302, ""), 503, true),
            (context => ScriptedReports.RefuseAsync(context, 400, "'not_clicked_position' is 9, and the job's mail has the positions 1, 2."), 400, false),
            (context => ScriptedReports.RefuseAsync(context, 401, "who"), 403, false),
        ];
        foreach (var (script, expected, later) in faults)
        {
            _reports.Script = script;
            var (status, problem, answer) = await _mta.FollowUpAsync(FollowingUp.Job(source), "once");
            Assert.Equal((expected, later), (status, answer.Headers.RetryAfter is not null));
            if (expected == 400)
                Assert.Contains("the positions 1, 2", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(1L, _mta.Spool("SELECT count(*) FROM job"));
        _reports.Script = context => ScriptedReports.WholeAsync(context, [1, 2, 3]);
        var (taken, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "once");
        Assert.Equal(202, taken);
        await _mta.FinishedAsync(body.GetProperty("id").GetString()!);
        Assert.Equal(FollowingUp.Addresses([1, 2, 3]), _mta.Again().Keys.Order());
        Assert.All(_mta.Again().Values, copies => Assert.Equal(1, copies));
    }

    [Fact]
    public async Task Killed_in_the_middle_the_half_is_cancelled_and_the_same_call_is_one_job_sent_once()
    {
        const int People = 60_000;
        var source = await _mta.OpenSourceAsync(People);
        _reports.Script = context => ScriptedReports.WholeAsync(context, [.. Enumerable.Range(0, People).Select(n => (uint)n)]);
        var broken = Assert.ThrowsAnyAsync<Exception>(() => _mta.FollowUpAsync(FollowingUp.Job(source), "kill"));
        var half = await _mta.FillingAsync(2_000);
        using (HoldSpool())
        {
            Assert.NotNull(_mta.Spool("SELECT 1 FROM follow_up"));
            await _mta.Program.KillAsync();
        }

        await broken;
        await _mta.Program.LaunchAsync();
        var cancelled = await EndedAsync($"{half}");
        Assert.InRange(cancelled.GetProperty("accepted").GetInt64(), 2_000, People);
        Assert.Equal(cancelled.GetProperty("accepted").GetInt64(), cancelled.GetProperty("dropped").GetInt64());
        Assert.Equal(0L, _mta.Spool("SELECT count(*) FROM follow_up"));
        Assert.Equal(0L, _mta.Spool("SELECT count(*) FROM idempotency"));
        Assert.Empty(_mta.Peer.Messages);

        _reports.Script = context => ScriptedReports.WholeAsync(context, [5, 100, 59_999]);
        var (status, body, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "kill");
        Assert.Equal((202, 3), (status, body.GetProperty("accepted").GetInt32()));
        await _mta.FinishedAsync(body.GetProperty("id").GetString()!);
        var (_, again, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "kill");
        Assert.Equal(body.GetRawText(), again.GetRawText());
        Assert.Equal(FollowingUp.Addresses([5, 100, 59_999]).Order(StringComparer.Ordinal), _mta.Again().Keys.Order(StringComparer.Ordinal));
        Assert.All(_mta.Again().Values, copies => Assert.Equal(1, copies));
    }

    [Fact]
    public async Task A_source_that_leaves_while_it_is_read_gives_no_half_a_job()
    {
        const int People = 60_000;
        var source = await _mta.OpenSourceAsync(People);
        _reports.Script = context => ScriptedReports.WholeAsync(context, [.. Enumerable.Range(0, People).Select(n => (uint)n)]);
        var call = _mta.FollowUpAsync(FollowingUp.Job(source));
        var half = await _mta.FillingAsync(0);
        _mta.Spool($"DELETE FROM job WHERE id = {source}");
        var (status, body, _) = await call;

        Assert.Equal((409, "recipients.audience.job"), (status, body.Field()));
        var cancelled = await EndedAsync($"{half}");
        Assert.Equal(cancelled.GetProperty("accepted").GetInt64(), cancelled.GetProperty("dropped").GetInt64());
        Assert.Empty(_mta.Peer.Messages);
    }

    [Fact]
    public async Task The_same_key_while_the_first_call_is_under_way_waits_for_it_and_a_client_that_leaves_leaves_nothing()
    {
        var source = await _mta.OpenSourceAsync(10);
        var asked = new TaskCompletionSource();
        var hold = new TaskCompletionSource();
        _reports.Script = async context =>
        {
            asked.TrySetResult();
            await hold.Task;
            await ScriptedReports.WholeAsync(context, [4]);
        };
        var first = _mta.FollowUpAsync(FollowingUp.Job(source), "both");
        await asked.Task;
        var (status, _, answer) = await _mta.FollowUpAsync(FollowingUp.Job(source), "both");
        Assert.Equal((409, true), (status, answer.Headers.RetryAfter is not null));
        hold.SetResult();
        var (taken, body, _) = await first;
        Assert.Equal(202, taken);
        var (_, replayed, _) = await _mta.FollowUpAsync(FollowingUp.Job(source), "both");
        Assert.Equal(body.GetRawText(), replayed.GetRawText());

        var left = new TaskCompletionSource();
        asked = new TaskCompletionSource();
        _reports.Script = async context =>
        {
            await using var gone = context.RequestAborted.Register(() => left.TrySetResult());
            asked.TrySetResult();
            await left.Task;
        };
        using (var leaving = new CancellationTokenSource())
        {
            using var content = new StringContent(JsonSerializer.Serialize(FollowingUp.Job(source)), Encoding.UTF8, "application/json");
            var call = _mta.Client.PostAsync("/v1/jobs", content, leaving.Token);
            await asked.Task;
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2L, _mta.Spool("SELECT count(*) FROM job"));
    }

    [Fact]
    public async Task A_stop_while_the_audience_is_read_is_told_and_a_cap_of_the_account_stands_before_anything_is_stored()
    {
        var source = await _mta.OpenSourceAsync(10);
        _accounts.Write(new Account { Id = 1, Name = "one", MaxRecipientsPerDay = 12 });
        _reports.Script = context => ScriptedReports.WholeAsync(context, [1, 2, 3]);
        await Eventually.HoldsAsync(
            async () => (await _mta.FollowUpAsync(FollowingUp.Job(source))) is (429, var problem, _) && problem.GetProperty("cap").GetString() == "max_recipients_per_day", "the cap holds");
        Assert.Empty(_mta.Again().Keys.Except(FollowingUp.Addresses([1, 2, 3])));
        var jobs = (long)_mta.Spool("SELECT count(*) FROM job")!;

        var asked = new TaskCompletionSource();
        _reports.Script = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var call = _mta.FollowUpAsync(FollowingUp.Job(source));
        await asked.Task;
        Assert.Equal(0, await _mta.Program.StopAsync());
        var (status, _, answer) = await call;
        Assert.Equal((503, true), (status, answer.Headers.RetryAfter is not null));
        Assert.Equal(jobs, _mta.Spool("SELECT count(*) FROM job"));
    }

    [Fact]
    public async Task Without_an_address_of_the_reports_the_setting_is_named_and_a_bad_one_stops_the_start()
    {
        await using var mta = await MtaFixture.StartAsync();
        var (status, body, _) = await mta.FollowUpAsync(FollowingUp.Job("1"));
        Assert.Equal((400, "recipients.audience"), (status, body.Field()));
        Assert.Contains("Mta:ReportsUrl", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        foreach (var bad in new[] { "reports", "ftp://reports", "http://user@reports", "http://reports/?a=b" })
        {
            var (exit, output) = await ProgramProcess.RunAsync("Mta", new Dictionary<string, string> { ["Mta__ReportsUrl"] = bad, ["Mta__Spool"] = mta.Folder("other") });
            Assert.Equal(2, exit);
            Assert.Contains("Mta:ReportsUrl", output, StringComparison.Ordinal);
        }
    }

    /// <summary>The job is over, and was cancelled.</summary>
    private async Task<JsonElement> EndedAsync(string job)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(async () => (status = await _mta.StatusAsync(job)).State() == "cancelled", "it is cancelled", TimeSpan.FromMinutes(1));
        return status;
    }

    /// <summary>Keeps everybody else from writing to the spool until it is disposed of.</summary>
    private SqliteConnection HoldSpool()
    {
        var connection = new SqliteConnection($"Data Source={_mta.Folder("spool/spool.db")};Pooling=False;Default Timeout=20");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
