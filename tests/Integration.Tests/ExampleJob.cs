using System.Text.Json;

namespace Delivery.Integration.Tests;

/// <summary>A job with three links, one of them with data in its URL and one in a loop.</summary>
internal static class ExampleJob
{
    /// <summary>Position (from 1) and loop index of the tracked links, in the order in which the mail shows them.</summary>
    public static IReadOnlyList<(int Position, int LoopIndex)> Places { get; } = [(1, 0), (2, 0), (2, 1), (3, 0)];

    /// <param name="campaign">Id of the campaign, and what the addresses begin with: <c>campaign.7@example.com</c> is ordinal 7.</param>
    public static string Json(int recipients, string campaign = "person") =>
        Json(campaign, Enumerable.Range(0, recipients).Select(n => Address(campaign, n)));

    public static string Json(string campaign, IEnumerable<string> addresses) =>
        JsonSerializer.Serialize(new
        {
            campaign_id = campaign,
            content = new
            {
                from = new { email = "news@shop.example", name = "The Shop" },
                subject = "{{name}}, a look at spring",
                html = """
                    <html><body><p>Hello {{name}}</p><a href="https://shop.example/sale?a=1&amp;who={{n}}">Sale</a>
                    {{#each items}}<a href="https://shop.example/p/{{this}}">{{this}}</a>{{/each}}
                    <a href="https://shop.example/terms">Terms</a> <a href="{{unsubscribe_url}}">leave</a></body></html>
                    """,
            },
            recipients = addresses.Select((email, n) => new
            {
                address = new { email, name = $"Person {n}" },
                id = $"crm-{n}",
                substitution_data = new { name = $"P{n}", n, items = new[] { "cup", "jug" } },
            }),
        });

    public static string Address(string campaign, int ordinal) => $"{campaign}.{ordinal}@example.com";

    /// <summary>Where the tracked link of that place leads for a recipient.</summary>
    public static string Destination(int place, int ordinal) => place switch
    {
        0 => $"https://shop.example/sale?a=1&who={ordinal}",
        1 => "https://shop.example/p/cup",
        2 => "https://shop.example/p/jug",
        _ => "https://shop.example/terms",
    };

    public static async Task<string> FileAsync(string folder, int recipients)
    {
        var path = Path.Combine(folder, "job.json");
        await File.WriteAllTextAsync(path, Json(recipients));
        return path;
    }
}
