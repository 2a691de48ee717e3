using System.Text.Json;
using Delivery.Contracts.Telemetry;
using Delivery.Tracker.Journaling;

namespace Delivery.Tracker.Erasure;

/// <summary>
/// <c>POST /erasures</c>, for operators: lets go of every event that was recorded before the call. The journal goes on in a new segment, and
/// the answer comes when the segments before it are gone, which is some seconds after Redis has had all of them: 200, or 503 where that
/// takes longer than the call waits. Nothing is lost either way, and the same call again goes on waiting.
/// </summary>
internal static class JournalErasure
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static void MapErasure(this IEndpointRouteBuilder routes)
    {
        var journal = routes.ServiceProvider.GetRequiredService<EventJournal>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        routes.MapForOperators("/erasures", context => AnswerAsync(context, journal, time), "POST");
    }

    private static async Task AnswerAsync(HttpContext context, EventJournal journal, TimeProvider time)
    {
        var began = time.GetTimestamp();
        var first = journal.Roll();
        while (first is { } kept && journal.SegmentFrom(0) is { } oldest && oldest.Id < kept && time.GetElapsedTime(began) < Longest)
            await Task.Delay(Poll, time, context.RequestAborted);
        var left = first is { } below ? journal.CountBelow(below) : -1;
        context.Response.StatusCode = left == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        var answer = new JournalErased(
            left == 0,
            left switch
            {
                0 => null,
                < 0 => "the journal's disk takes no new segment: make room, and erase again",
                _ => $"{left} segments of the journal wait for Redis to take, and keep, their events: erase again when it does",
            });
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, ErasureJson.Default.JournalErased, context.RequestAborted);
    }
}
