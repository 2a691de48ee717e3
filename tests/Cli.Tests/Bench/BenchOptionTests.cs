using Delivery.Testing;

namespace Delivery.Cli.Tests.Bench;

public sealed class BenchOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--messages", "bench", "send", "--smtp", "127.0.0.1:2525", "--messages", "0")]
    [InlineData("--size", "bench", "send", "--smtp", "127.0.0.1:2525", "--size", "99999999")]
    [InlineData("--connections", "bench", "send", "--smtp", "127.0.0.1:2525", "--connections", "0")]
    [InlineData("--warm-up", "bench", "send", "--smtp", "127.0.0.1:2525", "--warm-up", "-1")]
    [InlineData("--smtp", "bench", "send", "--smtp", "nowhere")]
    [InlineData("--smtp", "bench", "send")]
    [InlineData("--dkim", "bench", "send", "--dkim", "--accept-only")]
    [InlineData("--json", "bench", "track", "--json", "/not/there/x.json")]
    [InlineData("--requests", "bench", "track", "--requests", "0")]
    [InlineData("--packed", "bench", "rollup", "--packed", "1000000")]
    [InlineData("--sizes", "bench", "compare", "--sizes", "1024,many")]
    public async Task A_value_that_does_not_fit_is_one_line_that_names_its_option(string option, params string[] arguments)
    {
        var (code, line) = await RefusedAsync(arguments);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(option, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_that_an_error_names_is_that_of_the_measurement()
    {
        var (_, line) = await RefusedAsync("bench", "send", "--massages", "5");
        Assert.EndsWith("see delivery bench send --help", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1:25")]
    [InlineData("[2001:db8::1]:25")]
    public async Task A_server_on_another_machine_is_not_flooded_unless_that_is_asked_for(string server)
    {
        var (code, line) = await RefusedAsync("bench", "send", "--smtp", server, "--messages", "1");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--allow-remote", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_before_anything_starts()
    {
        var server = $"127.0.0.1:{FreePort.Next()}";
        var (code, line) = await RefusedAsync("bench", "send", "--smtp", server, "--data", _folder.File("data"));
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(server, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_not_measured_in()
    {
        File.WriteAllText(_folder.File("something"), "");
        var (code, line) = await RefusedAsync("bench", "track", "--data", _folder.Path);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("not empty", line, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("something")));
    }

    private static async Task<(int Code, string Line)> RefusedAsync(params string[] arguments)
    {
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, error);
        return (code, Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
