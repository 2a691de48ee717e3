namespace Delivery.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("up", "--prot-base", "5080")]
    [InlineData("demo", "--recipient", "5")]
    [InlineData("demoo")]
    [InlineData("demo", "--recipients", "many")]
    [InlineData("demo", "--recipients", "0")]
    [InlineData("demo", "--port-base", "70000")]
    public async Task What_nobody_knows_is_one_line_and_code_2(params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(arguments, error));
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("delivery: ", line, StringComparison.Ordinal);
        Assert.Contains("--help", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_recipients_than_one_call_takes_are_refused_by_name()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["demo", "--recipients", "10001"], error));
        Assert.Contains("--recipients is 10001", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("10000", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--messages")]
    public async Task A_place_that_cannot_be_written_is_refused_before_anything_starts(string option)
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["demo", option, "/proc/x/y"], error));
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"delivery: {option} /proc/x/y cannot be written", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_relay_and_sink_the_error_says_which_to_give()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["up"], error));
        Assert.Contains("--relay", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--sink", error.ToString(), StringComparison.Ordinal);
    }
}
