using System.Net;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Uploads;

/// <summary>Uploads that break off: what was committed stands, and the rest goes on from there.</summary>
public sealed class BrokenUploadTests
{
    [Fact]
    public async Task Cut_off_in_the_middle_and_gone_on_from_the_line_named_every_recipient_is_there_once()
    {
        const int Recipients = 9_000;
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.OpenAsync();
        using (var socket = await mta.BeginUploadAsync(id, "?from_line=1"))
        {
            await socket.SendChunkAsync(Uploading.Lines(0, 5_000) + Uploading.Line(5_000)[..20]);
            await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).Lines() > 0, "something is committed");
            socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(async () => (await mta.UploadAsync(id, "", 1)).Status == HttpStatusCode.OK, "the broken upload has let go of the job");
        var taken = (int)(await mta.StatusAsync(id)).Lines();
        Assert.InRange(taken, 1, 5_000);
        var (status, body) = await mta.UploadAsync(id, Uploading.Lines(taken, Recipients), fromLine: taken + 1);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((Recipients, Recipients, 0), (body.Lines(), body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        Assert.Equal((long)Recipients, mta.Spool("SELECT count(DISTINCT email) FROM recipient"));
        Assert.Equal((long)Recipients, mta.Spool("SELECT count(*) FROM recipient WHERE email = 'person' || ordinal || '@example.com'"));
    }

    [Fact]
    public async Task Killed_in_the_middle_of_an_upload_the_committed_lines_stand_and_each_address_gets_its_mail_once()
    {
        const int Recipients = 7_000;
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.OpenAsync();
        for (var round = 1; round <= 2; round++)
        {
            var before = (int)(await mta.StatusAsync(id)).Lines();
            using var socket = await mta.BeginUploadAsync(id);
            await socket.SendChunkAsync(Uploading.Lines(before, before + 2_900));
            await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).Lines() > before, "something is committed");
            await mta.Program.KillAsync();
            await mta.Program.LaunchAsync();
        }

        var open = await mta.StatusAsync(id);
        Assert.Equal("open", open.State());
        Assert.Equal(open.Lines(), open.GetProperty("accepted").GetInt64());
        Assert.Equal(open.Lines(), mta.Spool("SELECT count(*) FROM recipient"));
        Assert.Empty(mta.Peer.Messages);
        var (_, body) = await mta.UploadAsync(id, Uploading.Lines(0, Recipients), fromLine: 1);
        Assert.Equal((Recipients, 0), (body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        var (_, same) = await mta.UploadAsync(id, Uploading.Lines(0, 10));
        Assert.Equal(10, same.GetProperty("rejected").GetInt64());

        await mta.StartAsync(id);
        await mta.Program.KillAsync();
        await mta.Program.LaunchAsync();
        var finished = await mta.FinishedAsync(id, TimeSpan.FromMinutes(3));

        Assert.Equal(Recipients, finished.GetProperty("delivered").GetInt64());
        var copies = mta.Peer.Messages.GroupBy(message => message.Recipient).Select(group => group.Count()).ToList();
        Assert.Equal(Recipients, copies.Count);
        Assert.True(copies.Count(count => count > 1) <= finished.GetProperty("uncertain").GetInt64(), "a copy that is not named");
        var records = await mta.RecordsAsync();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (ulong)number), records.Select(record => record.Number));
        Assert.Equal(Recipients, records.Count(record => record.Kind == (byte)Contracts.Events.EventKind.Accepted));
    }

    [Fact]
    public async Task One_upload_at_a_time_and_no_start_beside_it()
    {
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.OpenAsync();
        using var socket = await mta.BeginUploadAsync(id);
        await socket.SendChunkAsync(Uploading.Lines(0, 2_500));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).Lines() >= 2_000, "a chunk is committed");

        var second = await mta.UploadAsync(id, Uploading.Lines(0, 1));
        var start = await mta.StartAsync(id);

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict], [second.Status, start.Status]);
        Assert.Contains("under way", second.Body.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_an_upload_at_once_and_tells_where_to_go_on()
    {
        await using var mta = await MtaFixture.StartAsync();
        var id = await mta.OpenAsync();
        using var socket = await mta.BeginUploadAsync(id);
        await socket.SendChunkAsync(Uploading.Lines(0, 2_500));
        await Eventually.HoldsAsync(async () => (await mta.StatusAsync(id)).Lines() >= 2_000, "a chunk is committed");

        var answer = socket.ReadToEndAsync();
        Assert.Equal(0, await mta.Program.StopAsync());

        Assert.Contains("503", await answer, StringComparison.Ordinal);
        Assert.Contains("\"next_line\":2501", await answer, StringComparison.Ordinal);
        await mta.Program.LaunchAsync();
        Assert.Equal(2_500, (await mta.StatusAsync(id)).Lines());
    }

    [Fact]
    public async Task A_full_spool_stops_an_upload_at_a_chunk_and_it_goes_on_when_there_is_room()
    {
        await using var mta = await MtaFixture.StartAsync(("Mta__MaxOpenRecipients", "3000"));
        var id = await mta.OpenAsync();

        var (status, body) = await mta.UploadAsync(id, Uploading.Lines(0, 9_000));
        var next = (int)body.GetProperty("next_line").GetInt64();
        using var another = await mta.PostAsync(MtaFixture.Job(1));

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(HttpStatusCode.TooManyRequests, another.StatusCode);
        Assert.Equal(4_001, next);
        Assert.Equal(next - 1, (await mta.StatusAsync(id)).GetProperty("accepted").GetInt64());
        await mta.Program.KillAsync();
        await mta.Program.LaunchAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await mta.UploadAsync(id, Uploading.Lines(next - 1, 9_000))).Status);

        Assert.Equal(HttpStatusCode.Accepted, (await mta.StartAsync(id)).Status);
        await mta.FinishedAsync(id, TimeSpan.FromMinutes(3));
        Assert.Equal(4_000, mta.Peer.Messages.Select(message => message.Recipient).Distinct().Count());
        var second = await mta.OpenAsync();
        Assert.Equal(HttpStatusCode.OK, (await mta.UploadAsync(second, Uploading.Lines(0, 100))).Status);
    }
}
