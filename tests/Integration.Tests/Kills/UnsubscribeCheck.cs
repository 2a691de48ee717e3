using System.Text;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>Whoever was told that they are unsubscribed gets nothing more: a further job to all of them reaches nobody.</summary>
internal sealed class UnsubscribeCheck(KillLine line, SinkLedger sink, KillRound round, Timeline timeline, Violations violations)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public async Task RunAsync()
    {
        var gone = round.Readers.Entries
            .Where(entry => entry.Request.Posts && entry.Result == ReadResult.Answered)
            .Select(entry => ExampleJob.Address(round.Campaign, entry.Request.Key.Recipient))
            .ToList();
        var before = gone.Sum(address => sink.Copies(address).Count);
        if (gone.Count == 0)
            return;
        var status = await FinishAsync(gone);
        timeline.Add($"{gone.Count} unsubscribed, {status.GetProperty("dropped")} of them dropped in the next job");
        violations.Check(status.GetProperty("dropped").GetInt32() == gone.Count, $"a job to the {gone.Count} who have unsubscribed ended as {status}");
        violations.Check(gone.Sum(address => sink.Copies(address).Count) == before, "mail was sent to somebody who had unsubscribed");
    }

    private async Task<JsonElement> FinishAsync(List<string> addresses)
    {
        var campaign = $"after-{round.Campaign}";
        using var answer = await line.SubmitAsync(Encoding.UTF8.GetBytes(ExampleJob.Json(campaign, addresses)), campaign, Limit);
        answer.EnsureSuccessStatusCode();
        var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
        JsonElement status = default;
        await Eventually.HoldsAsync(
            async () => (status = await line.StatusAsync(job)).GetProperty("state").GetString() == "finished", $"job {job} is finished", Limit);
        return status;
    }
}
