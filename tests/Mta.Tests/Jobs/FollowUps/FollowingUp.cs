using System.Net.Http.Json;
using System.Text.Json;
using Delivery.Mta.Tests.Jobs.Uploads;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

/// <summary>What an upstream app does to follow up a job.</summary>
internal static class FollowingUp
{
    /// <summary>A job to an audience of another one.</summary>
    public static Dictionary<string, object?> Job(string source, object? options = null, params (string Name, object Value)[] conditions)
    {
        var audience = new Dictionary<string, object> { ["job"] = source };
        foreach (var (name, value) in conditions)
            audience[name] = value;
        var job = MtaFixture.Job(0, "<p>Again {{name}}, number {{n}}, {{offer}}</p>");
        job["campaign_id"] = "again";
        job["substitution_data"] = new { offer = "ten off" };
        job["recipients"] = new { audience };
        if (options is not null)
            job["options"] = options;
        return job;
    }

    public static async Task<(int Status, JsonElement Body, HttpResponseMessage Answer)> FollowUpAsync(this MtaFixture mta, object job, string? idempotencyKey = null)
    {
        var answer = await mta.PostAsync(job, idempotencyKey);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(), answer);
    }

    /// <summary>An open job with so many recipients: it is never sent, and can be followed up all the same.</summary>
    public static async Task<string> OpenSourceAsync(this MtaFixture mta, int recipients)
    {
        var source = await mta.OpenAsync();
        await mta.UploadAsync(source, Uploading.Lines(0, recipients));
        return source;
    }

    public static string Field(this JsonElement problem) => problem.GetProperty("errors")[0].GetProperty("field").GetString()!;

    /// <summary>Addresses that got a mail of the follow-up, with the number of copies.</summary>
    public static Dictionary<string, int> Again(this MtaFixture mta) =>
        mta.Peer.Messages.Where(message => message.Text.Contains("Again", StringComparison.Ordinal)).GroupBy(message => message.Recipient).ToDictionary(group => group.Key, group => group.Count());

    public static IEnumerable<string> Addresses(IEnumerable<int> people) => people.Select(n => $"person{n}@example.com");

    /// <summary>Waits until a job is being filled and has so many recipients; returns its id.</summary>
    public static async Task<long> FillingAsync(this MtaFixture mta, int recipients)
    {
        object? job = null;
        await Eventually.HoldsAsync(
            () => (job = mta.Spool("SELECT job FROM follow_up")) is not null && (long)mta.Spool($"SELECT count(*) FROM recipient WHERE job = {job}")! >= recipients, "a job is being filled");
        return (long)job!;
    }
}
