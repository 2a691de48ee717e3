using Delivery.Cli.Up;
using Delivery.Contracts.Tokens;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Up;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_is_the_owners_alone_and_has_keys()
    {
        using var data = DataFolder.Open(_folder.File("new"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.KeysFile));
        Assert.Equal(1, KeyRing.Load(data.KeysFile).Current);
    }

    [Fact]
    public void The_api_key_is_made_once_and_the_owners_alone()
    {
        string key;
        using (var data = DataFolder.Open(_folder.File("new")))
        {
            key = data.ApiKey();
            Assert.True(key.Length >= 32);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.File("api-key")));
        }

        using var again = DataFolder.Open(_folder.File("new"));
        Assert.Equal(key, again.ApiKey());
    }

    [Fact]
    public void A_second_launcher_is_told_who_holds_the_folder()
    {
        using var data = DataFolder.Open(_folder.File("held"));
        var error = Assert.Throws<LaunchException>(() => DataFolder.Open(_folder.File("held")));
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
    }

    [Fact]
    public void What_a_crashed_launcher_left_holds_nothing()
    {
        Directory.CreateDirectory(_folder.File("crashed"));
        File.WriteAllText(Path.Combine(_folder.File("crashed"), "lock"), "");
        File.WriteAllText(Path.Combine(_folder.File("crashed"), "pid"), "1\n");
        using var data = DataFolder.Open(_folder.File("crashed"));
        Assert.True(File.Exists(data.KeysFile));
    }

    [Fact]
    public void A_folder_that_cannot_be_is_one_clear_line()
    {
        File.WriteAllText(_folder.File("file"), "");
        var error = Assert.Throws<LaunchException>(() => DataFolder.Open(_folder.File("file")));
        Assert.Contains(_folder.File("file"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_key_ring_is_said_and_not_replaced()
    {
        Directory.CreateDirectory(_folder.File("broken"));
        File.WriteAllText(Path.Combine(_folder.File("broken"), "keys.json"), "{");
        var error = Assert.Throws<LaunchException>(() => DataFolder.Open(_folder.File("broken")));
        Assert.Contains("keys.json", error.Message, StringComparison.Ordinal);
        Assert.Equal("{", File.ReadAllText(Path.Combine(_folder.File("broken"), "keys.json")));
    }
}
