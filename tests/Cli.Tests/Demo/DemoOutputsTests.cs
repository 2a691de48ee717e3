using Delivery.Cli.Demo;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Demo;

public sealed class DemoOutputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checking_makes_the_folders_and_leaves_no_file()
    {
        new DemoOutputs(new DemoOptions { Json = _folder.File("new/result.json"), Messages = _folder.File("mail") }).Check();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("new")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("mail")));
    }

    [Fact]
    public void Checking_leaves_an_earlier_result_as_it_is()
    {
        File.WriteAllText(_folder.File("result.json"), "earlier");
        new DemoOutputs(new DemoOptions { Json = _folder.File("result.json") }).Check();
        Assert.Equal("earlier", File.ReadAllText(_folder.File("result.json")));
    }

    [Fact]
    public void A_folder_is_no_file_and_a_file_no_folder()
    {
        File.WriteAllText(_folder.File("file"), "");
        Directory.CreateDirectory(_folder.File("folder"));
        AssertRefused(new DemoOptions { Json = _folder.File("folder") }, "--json");
        AssertRefused(new DemoOptions { Json = "" }, "--json");
        AssertRefused(new DemoOptions { Messages = _folder.File("file") }, "--messages");
    }

    private static void AssertRefused(DemoOptions options, string option)
    {
        var error = Assert.Throws<LaunchException>(() => new DemoOutputs(options).Check());
        Assert.StartsWith(option, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }
}
