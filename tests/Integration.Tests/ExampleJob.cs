using System.Text.Json;

namespace Delivery.Integration.Tests;

/// <summary>A job with three links, one of them with data in its URL and one in a loop.</summary>
internal static class ExampleJob
{
    public static string Json(int recipients) =>
        JsonSerializer.Serialize(new
        {
            campaign_id = "integration",
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
            recipients = Enumerable.Range(0, recipients).Select(n => new
            {
                address = new { email = $"person{n}@example.com", name = $"Person {n}" },
                id = $"crm-{n}",
                substitution_data = new { name = $"P{n}", n, items = new[] { "cup", "jug" } },
            }),
        });

    public static async Task<string> FileAsync(string folder, int recipients)
    {
        var path = Path.Combine(folder, "job.json");
        await File.WriteAllTextAsync(path, Json(recipients));
        return path;
    }
}
