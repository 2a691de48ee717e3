using System.Globalization;

namespace Delivery.Cli.Bench.Reports;

/// <summary>Asks a question several times and takes its times, the rows that the engine read and the memory that it took.</summary>
/// <param name="engine">Process id of the engine.</param>
internal sealed class QuestionClock(int engine, int rounds, TimeProvider time)
{
    /// <param name="ask">Gives the length of the answer, and the rows that were read.</param>
    public async Task<QuestionFigures> MeasureAsync(string question, WorldJob? job, Func<Task<(long Bytes, long Rows)>> ask)
    {
        try
        {
            await ask();
            var times = new List<double>(rounds);
            var (bytes, rows, memory) = (0L, 0L, 0L);
            for (var i = 0; i < rounds; i++)
            {
                ForgetPeak();
                var before = ProcessUsage.TryRead(engine)!.Value.RssBytes;
                var begin = time.GetTimestamp();
                (bytes, rows) = await ask();
                times.Add(time.GetElapsedTime(begin).TotalMilliseconds);
                memory = Math.Max(memory, ProcessUsage.TryRead(engine)!.Value.PeakRssBytes - before);
            }

            times.Sort();
            return new QuestionFigures(question, job?.Recipients, Math.Round(times[times.Count / 2], 1), Math.Round(times[^1], 1), rows, bytes, memory);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            return new QuestionFigures(question, job?.Recipients, 0, 0, 0, 0, 0, "no answer in time");
        }
        catch (HttpRequestException e)
        {
            return new QuestionFigures(question, job?.Recipients, 0, 0, 0, 0, 0, e.Message.Split('\n')[0]);
        }
    }

    /// <summary>Makes Linux forget the highest resident memory of the engine so far.</summary>
    private void ForgetPeak()
    {
        using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{engine}/clear_refs"), FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, "5"u8, 0);
    }
}
