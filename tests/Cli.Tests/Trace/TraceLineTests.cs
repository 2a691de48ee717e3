using Delivery.Cli.Trace;

namespace Delivery.Cli.Tests.Trace;

public sealed class TraceLineTests
{
    [Theory]
    [InlineData(
        """{"at":"2026-11-22T13:05:12.481Z","ms":12.84,"connection":7,"job":"1","recipient":0,"kind":"received","text":"250 2.1.0 Ok"}""",
        "13:05:12.481 #7        +12.8 ms < 250 2.1.0 Ok")]
    [InlineData(
        """{"at":"2026-11-22T13:05:12.481Z","connection":7,"kind":"note","text":"lost: broken","dropped":3}""",
        "(3 lines are missing: they came faster than they were read)\n13:05:12.481 #7                 - lost: broken")]
    [InlineData("""{"at":"2026-11-22T13:05:12.481Z","connection":0,"kind":"idle","text":""}""", null)]
    public void A_line_is_shown_as_it_was_said(string line, string? shown) => Assert.Equal(shown, TraceCommand.Show(line));

    [Theory]
    [InlineData("queue", "--dommain", "a.example")]
    [InlineData("queue", "bounce", "--all")]
    [InlineData("queue", "requeue", "--state", "waiting")]
    [InlineData("trace", "--limit", "many")]
    public async Task What_nobody_knows_is_one_line_and_code_2(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(arguments, error));
        Assert.StartsWith("delivery: ", Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
