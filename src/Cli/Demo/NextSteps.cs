using Delivery.Cli.Up;
using Spectre.Console;

namespace Delivery.Cli.Demo;

/// <summary>What one can do with a demo that stays up.</summary>
internal static class NextSteps
{
    public static void Write(IAnsiConsole console, Addresses addresses, string data, string job)
    {
        console.WriteLine();
        console.WriteLine("The reports, in a browser (signs in at once):");
        Plain(console, $"  {addresses.PageSignedIn}");
        console.WriteLine();
        console.WriteLine("Everything stays up until Ctrl-C, which removes mail, logs and databases:");
        Line(console, "jobs", addresses.Mta);
        Line(console, "tracker", addresses.Tracker);
        Line(console, "reports", addresses.Reports);
        Line(console, "ClickHouse", addresses.ClickHouse);
        Line(console, "Redis", addresses.Redis);
        Line(console, "SMTP sink", addresses.Sink ?? "");
        Line(console, "API key", addresses.ApiKey ?? "");
        Line(console, "mail", addresses.Mail ?? "");
        Line(console, "logs", Path.Combine(data, "logs"));
        console.WriteLine();
        console.WriteLine("Try:");
        Plain(console, $"curl -H 'Authorization: Bearer {addresses.ApiKey}' {addresses.Mta}/v1/jobs/{job}");
        Plain(console, $"curl -H 'Authorization: Bearer {addresses.ApiKey}' {addresses.Reports}/v1/jobs/{job}/report");
        Plain(console, $"ls {addresses.Mail}");
        Plain(console, $"./delivery audit --data {data}");
        Plain(console, $"curl '{addresses.ClickHouse}/' --data-binary 'SELECT * FROM delivery.v_click_breakdown FORMAT Vertical'");
        Plain(console, $"curl -H 'Authorization: Bearer {addresses.ApiKey}' -H 'Content-Type: application/json' {addresses.Mta}/v1/jobs \\");
        Plain(console, """  -d '{"content":{"from":{"email":"shop@example.com"},"subject":"Hello {{name}}","html":"<p>Hello {{name}}, <a href=\"https://example.com/\">look</a></p>"},""");
        Plain(console, """       "recipients":[{"address":{"email":"noa@example.org"},"substitution_data":{"name":"Noa"}}]}'""");
    }

    private static void Line(IAnsiConsole console, string name, string value) => Plain(console, $"  {name,-11} {value}");

    /// <summary>Not wrapped: a command must be copied whole.</summary>
    private static void Plain(IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
