using System.Net;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Delivery.Mta.Tests.Spool;

/// <summary>What a full disk costs: new recipients wait outside, nothing that was accepted is lost, and nothing has to be started again.</summary>
public sealed class FullDiskTests(ITestOutputHelper output) : IDisposable
{
    private SmallDisk? _disk;

    [Fact]
    public async Task Before_the_disk_is_full_new_recipients_are_refused_and_those_accepted_are_sent()
    {
        if (!IsMounted(96))
            return;
        _disk!.Fill(16 << 20);
        await using var mta = await StartAsync("60000000");
        var sent = await mta.OpenAsync();
        await mta.UploadAsync(sent, Uploading.Lines(0, 2_000));
        var id = await mta.OpenAsync();

        var (status, body) = await mta.UploadAsync(id, Uploading.Lines(10_000, 150_000));
        using var another = await mta.PostAsync(MtaFixture.Job(1));

        Assert.Equal([HttpStatusCode.InsufficientStorage, HttpStatusCode.InsufficientStorage], [status, another.StatusCode]);
        var next = body.GetProperty("next_line").GetInt64();
        Assert.Equal(next - 1, (await mta.StatusAsync(id)).Lines());
        Assert.InRange(next, 2, 139_999);
        await mta.StartAsync(sent);
        Assert.Equal(2_000, (await mta.FinishedAsync(sent, TimeSpan.FromMinutes(3))).GetProperty("delivered").GetInt64());
        CheckRows(id, next - 1);

        _disk.Free();
        var (again, rest) = await mta.UploadAsync(id, Uploading.Lines(10_000 + (int)next - 1, 10_000 + (int)next + 2_999));
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal((next + 2_999, 0), (rest.GetProperty("accepted").GetInt64(), rest.GetProperty("rejected").GetInt64()));
        CheckRows(id, next + 2_999);
    }

    [Fact]
    public async Task On_a_disk_that_is_full_to_the_last_byte_outcomes_wait_and_nothing_is_sent_twice()
    {
        if (!IsMounted(24))
            return;
        await using var mta = await StartAsync("0");
        var mayAnswer = new TaskCompletionSource();
        mta.Peer.AsyncScript = async exchange =>
        {
            if (exchange.Step == SmtpStep.Dot)
                await mayAnswer.Task;
            return null;
        };
        var held = await mta.SubmitAsync(MtaFixture.Job(500));
        var id = await mta.OpenAsync();
        _disk!.Fill();
        var taken = 0;
        var status = HttpStatusCode.OK;
        while (status == HttpStatusCode.OK && taken < 100_000)
        {
            var (answered, body) = await mta.UploadAsync(id, Uploading.Lines(1_000 + taken, 1_000 + taken + 500));
            status = answered;
            taken = (int)(answered == HttpStatusCode.OK ? body.Lines() : body.GetProperty("next_line").GetInt64() - 1);
        }

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        using (var another = await mta.PostAsync(MtaFixture.Job(2_000)))
            Assert.Equal(HttpStatusCode.InsufficientStorage, another.StatusCode);
        mayAnswer.SetResult();
        await Eventually.HoldsAsync(() => mta.Peer.Messages.Count > 0, "the peer has mail");
        Assert.True(mta.Program.IsRunning);

        _disk.Free();
        var finished = await mta.FinishedAsync(held, TimeSpan.FromMinutes(3));
        Assert.Equal((500, 0), (finished.GetProperty("delivered").GetInt64(), finished.GetProperty("uncertain").GetInt64()));
        CheckRows(id, taken);
        Assert.Equal(HttpStatusCode.OK, (await mta.UploadAsync(id, Uploading.Lines(1_000, 1_000 + taken + 100), fromLine: 1)).Status);
        CheckRows(id, taken + 100);
        await mta.StartAsync(id);
        await mta.FinishedAsync(id, TimeSpan.FromMinutes(3));
        Assert.Equal(500 + taken + 100, mta.Peer.Messages.Count);
        Assert.Equal(500 + taken + 100, mta.Peer.Messages.Select(message => message.Recipient).Distinct().Count());
        await Eventually.HoldsAsync(
            async () => (await mta.RecordsAsync()).Count(record => record.Kind == (byte)Contracts.Events.EventKind.Delivered) == 500 + taken + 100, "all outcomes are in the stream");
        var records = await mta.RecordsAsync();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (ulong)number), records.Select(record => record.Number));
    }

    public void Dispose() => _disk?.Dispose();

    private Task<MtaFixture> StartAsync(string minFreeBytes) =>
        MtaFixture.StartAsync(("Mta__Spool", Path.Combine(_disk!.Path, "spool")), ("Mta__MinFreeBytes", minFreeBytes));

    private bool IsMounted(int megabytes)
    {
        _disk = SmallDisk.TryMount(megabytes);
        if (_disk is null)
            output.WriteLine("Not run: only root can mount the small disk that this test fills.");
        return _disk is not null;
    }

    /// <summary>No row is torn, and the job's counts are those of its rows.</summary>
    private void CheckRows(string job, long recipients)
    {
        Assert.Equal("ok", Query("PRAGMA integrity_check"));
        Assert.Equal(recipients, Query($"SELECT count(*) FROM recipient WHERE job = {job}"));
        Assert.Equal(recipients, Query($"SELECT accepted FROM job WHERE id = {job}"));
        Assert.Equal(recipients, Query($"SELECT count(DISTINCT email) FROM recipient WHERE job = {job}"));
    }

    private object? Query(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_disk!.Path, "spool", "spool.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
