using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Delivery.Mta.Jobs.Uploads;

namespace Delivery.Mta.Tests.Jobs.Uploads;

/// <summary>However a body comes in, its lines are the same.</summary>
public sealed class LineReaderTests
{
    [Fact]
    public async Task Lines_do_not_depend_on_how_the_bytes_come_in()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var lines = Enumerable.Range(0, random.Next(0, 40)).Select(_ => new string('x', random.Next(4) == 0 ? 0 : random.Next(0, 3_000))).ToList();
            var ends = random.Next(2) == 0 ? "\n" : "\r\n";
            var last = lines.Count > 0 && random.Next(2) == 0 ? "" : ends;
            var text = string.Join(ends, lines) + (lines.Count == 0 ? "" : last);
            if (lines.Count > 0 && last.Length == 0 && lines[^1].Length == 0)
                lines.RemoveAt(lines.Count - 1);
            var mark = random.Next(3) == 0 ? "\uFEFF" : "";

            var read = await ReadAsync(Encoding.UTF8.GetBytes(mark + text), quoted: false, random);

            Assert.Equal(lines, read.Select(line => line.Text));
        }
    }

    [Fact]
    public async Task A_line_over_the_bound_is_told_and_its_neighbours_are_kept()
    {
        var random = new Random(11);
        foreach (var quoted in new[] { false, true })
        {
            foreach (var length in new[] { LineReader.MaxLineBytes, LineReader.MaxLineBytes + 1, 3_000_000 })
            {
                var read = await ReadAsync(Encoding.UTF8.GetBytes($"before\n{new string('x', length)}\nafter\n{new string('y', length)}"), quoted, random);

                var tooLong = length > LineReader.MaxLineBytes;
                Assert.Equal([false, tooLong, false, tooLong], read.Select(line => line.TooLong));
                Assert.Equal(["before", "after"], [read[0].Text, read[2].Text]);
                Assert.Equal(tooLong ? 0 : length, read[1].Text.Length);
            }
        }
    }

    [Fact]
    public async Task Quotes_that_are_never_closed_are_told()
    {
        var read = await ReadAsync("a,b\nc,\"d\ne,f\n"u8.ToArray(), quoted: true, new Random(1));

        Assert.Equal([false, true], read.Select(line => line.Unclosed));
    }

    [Fact]
    public async Task Python_writes_what_is_read_here()
    {
        var random = new Random(3);
        const string Letters = "ab,\"\r\n '=שλ;";
        var rows = Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 3)
            .Select(_ => new string(Enumerable.Range(0, random.Next(0, 8)).Select(_ => Letters[random.Next(Letters.Length)]).ToArray())).ToArray()).ToList();
        var csv = await PythonCsvAsync(rows);

        var record = new CsvRecord();
        var read = new List<string[]>();
        foreach (var line in await ReadAsync(csv, quoted: true, random))
        {
            Assert.True(record.TryRead(line.Bytes));
            read.Add(Enumerable.Range(0, record.Count).Select(i => Encoding.UTF8.GetString(record[i])).ToArray());
        }

        Assert.Equal(rows, read);
    }

    private static async Task<List<(string Text, byte[] Bytes, bool TooLong, bool Unclosed)>> ReadAsync(byte[] bytes, bool quoted, Random random)
    {
        var read = new List<(string, byte[], bool, bool)>();
        using var lines = new LineReader(new DribblingStream(bytes, random), quoted);
        do
        {
            while (lines.TryNext())
                read.Add((Encoding.UTF8.GetString(lines.Line.Span), lines.Line.ToArray(), lines.TooLong, lines.Unclosed));
        }
        while (await lines.FillAsync(CancellationToken.None));
        return read;
    }

    private static async Task<byte[]> PythonCsvAsync(List<string[]> rows)
    {
        const string Script = "import csv, io, json, sys\nrows = json.load(sys.stdin)\nout = io.StringIO(newline='')\ncsv.writer(out).writerows(rows)\nsys.stdout.buffer.write(out.getvalue().encode())";
        using var python = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", "-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = new MemoryStream();
        var reading = python.StandardOutput.BaseStream.CopyToAsync(output);
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(rows));
        python.StandardInput.Close();
        await reading;
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return output.ToArray();
    }

    /// <summary>Gives a few bytes at a time, at random.</summary>
    private sealed class DribblingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 200_000))], cancellationToken);
    }
}
