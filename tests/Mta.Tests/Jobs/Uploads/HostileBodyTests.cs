using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Uploads;

/// <summary>Bodies that mean harm cost their sender an error, and nobody else anything.</summary>
public sealed class HostileBodyTests : IAsyncLifetime
{
    private MtaFixture _mta = null!;

    public async Task InitializeAsync() => _mta = await MtaFixture.StartAsync(("Mta__MaxRequestBytes", "100000"));

    public async Task DisposeAsync() => await _mta.DisposeAsync();

    [Fact]
    public async Task Json_nested_ten_thousand_deep_is_refused()
    {
        using var deep = await _mta.PostTextAsync(new string('[', 10_000) + new string(']', 10_000));
        using var data = await _mta.PostTextAsync(
            $$$"""{"content":{"from":"a@b.example","subject":"s","text":"t"},"substitution_data":{{{string.Concat(Enumerable.Repeat("{\"a\":", 10_000))}}}1{{{new string('}', 10_000)}}},"recipients":null}""");

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [deep.StatusCode, data.StatusCode]);
    }

    [Fact]
    public async Task A_key_given_twice_is_refused_by_name()
    {
        using var answer = await _mta.PostTextAsync("""{"content":{"from":"a@b.example","subject":"one","subject":"two","text":"t"},"recipients":null}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("subject", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_job_is_refused_unread_and_a_large_one_by_its_size()
    {
        using var compressed = await _mta.Client.PostAsync("/v1/jobs", Uploading.Content(Uploading.Gzip("{}"), "application/json", "gzip"));
        using var large = await _mta.PostTextAsync(new string(' ', 100_001));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, compressed.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("/recipients", (await large.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_line_and_endless_blank_ones_in_a_gzip_take_no_memory()
    {
        var id = await _mta.OpenAsync();
        await _mta.UploadAsync(id, Uploading.Lines(0, 3_000));
        var before = PeakBytes();
        var block = new byte[1 << 20];
        var bomb = Uploading.Gzip(output =>
        {
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 200; i++)
                output.Write(block);
            output.WriteByte((byte)'\n');
            Array.Fill(block, (byte)'\n');
            for (var i = 0; i < 20; i++)
                output.Write(block);
            output.Write(Encoding.UTF8.GetBytes(Uploading.Line(3_000)));
        });

        var (status, body) = await _mta.UploadAsync(id, Uploading.Content(bomb, encoding: "gzip"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((3_001, 1), (body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        Assert.Equal(3_000 + 1 + (20 << 20) + 1, body.Lines());
        Assert.InRange(PeakBytes() - before, 0, 64L << 20);
    }

    [Fact]
    public async Task A_body_that_dribbles_is_cut_while_others_are_served_and_its_lines_stand()
    {
        var id = await _mta.OpenAsync();
        using var socket = await _mta.BeginUploadAsync(id);
        await socket.SendChunkAsync(Uploading.Lines(0, 3) + "{\"addr");
        var answer = socket.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        while (!answer.IsCompleted && watch.Elapsed < TimeSpan.FromMinutes(2))
        {
            Assert.Equal("ok\n", await _mta.Client.GetStringAsync("/healthz"));
            await Task.Delay(100);
        }

        Assert.Contains("408", await answer, StringComparison.Ordinal);
        Assert.Contains("\"next_line\":4", await answer, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await _mta.StatusAsync(id)).Lines() == 3, "the lines that were whole are there");
        Assert.Equal(HttpStatusCode.OK, (await _mta.UploadAsync(id, Uploading.Lines(3, 10), fromLine: 4)).Status);
    }

    [Fact]
    public async Task A_hundred_thousand_bad_lines_are_told_each_and_the_answer_stays_small()
    {
        var id = await _mta.OpenAsync();
        var (_, body) = await _mta.UploadAsync(id, string.Concat(Enumerable.Range(0, 100_000).Select(n => $"\"=bad {n}\"\n")) + Uploading.Line(1));

        Assert.Equal((1, 100_000), (body.GetProperty("accepted").GetInt64(), body.GetProperty("rejected").GetInt64()));
        Assert.InRange(body.ToString().Length, 1, 50_000);
        var told = (await _mta.Client.GetStringAsync($"/v1/jobs/{id}/rejections")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(1, 100_000), told.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("line").GetInt32()));
    }

    /// <summary>The most memory that the Mta ever had resident.</summary>
    private long PeakBytes()
    {
        var line = File.ReadLines($"/proc/{_mta.Program.ProcessId}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
