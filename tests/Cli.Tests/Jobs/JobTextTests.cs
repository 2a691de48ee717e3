using System.Text.Json;
using Delivery.Cli.Jobs;

namespace Delivery.Cli.Tests.Jobs;

public sealed class JobTextTests
{
    [Fact]
    public void A_status_is_a_line_for_each_field_and_counts_of_nobody_are_left_out() =>
        Assert.Equal(
            "id           17\nstate        paused\naccepted     3\nqueued       3",
            JobText.Of(JsonElement.Parse("""{"id": "17", "state": "paused", "accepted": 3, "queued": 3, "dropped": 0}""")));

    [Fact]
    public async Task Without_a_running_Mta_the_error_says_how_to_name_one()
    {
        using var error = new StringWriter();

        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["job", "pause", "17", "--data", "/nowhere"], error));
        Assert.Contains("--url", error.ToString(), StringComparison.Ordinal);
    }
}
