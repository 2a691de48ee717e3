using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Control;

/// <summary>What tests of job control say often.</summary>
internal static class Controlling
{
    /// <summary>Calls pause, resume or cancel; answers the job's status.</summary>
    public static async Task<JsonElement> ControlAsync(this MtaFixture mta, string job, string verb)
    {
        using var answer = await mta.Client.PostAsync($"/v1/jobs/{job}/{verb}", null);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body;
    }

    /// <summary>Waits for a state; the counts add up all the while.</summary>
    public static async Task<JsonElement> ReachesAsync(this MtaFixture mta, string job, string state, TimeSpan? deadline = null)
    {
        JsonElement status = default;
        await Eventually.HoldsAsync(async () => (status = await mta.StatusAsync(job)).GetProperty("state").GetString() == state, $"the job is {state}", deadline);
        return status;
    }

    public static async Task<int> InFlightAsync(this MtaFixture mta) =>
        (await mta.Client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("in_flight").GetInt32();

    public static Dictionary<string, object?> With(this Dictionary<string, object?> job, string option, object value)
    {
        if (!job.TryGetValue("options", out var options))
            job["options"] = options = new Dictionary<string, object?>();
        ((Dictionary<string, object?>)options!)[option] = value;
        return job;
    }

    public static long Count(this JsonElement status, string name) => status.GetProperty(name).GetInt64();
}
