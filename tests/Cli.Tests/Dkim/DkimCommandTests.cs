using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Delivery.Cli.Dkim;
using Delivery.Contracts.Dkim;
using Delivery.Testing;

namespace Delivery.Cli.Tests.Dkim;

public sealed partial class DkimCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void A_new_key_is_the_owners_alone_and_its_record_is_told_in_both_forms(int bits)
    {
        Folder().Create("example.com", "2026a", bits, standby: false);

        var path = _folder.File("data/dkim/example.com/2026a.pem");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        foreach (var above in (string[])["data", "data/dkim", "data/dkim/example.com"])
            Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File(above)));
        using var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(path));
        Assert.Equal(bits, key.KeySize);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(path), StringComparison.Ordinal);

        var text = _output.ToString();
        Assert.Contains("name:  2026a._domainkey.example.com\n", text, StringComparison.Ordinal);
        var value = Line("value: ");
        Assert.Equal("v=DKIM1; k=rsa; p=" + Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), value);
        var zone = Line("2026a._domainkey.example.com. IN TXT ");
        var strings = Quoted().Matches(zone).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(value, string.Concat(strings));
        Assert.All(strings, piece => Assert.InRange(piece.Length, 1, 255));
        Assert.Equal(zone, string.Join(' ', strings.Select(piece => $"\"{piece}\"")));
        Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_selector_again_changes_nothing_and_tells_the_same_record()
    {
        Folder().Create("example.com", "a", 2048, standby: false);
        var before = File.ReadAllBytes(_folder.File("data/dkim/example.com/a.pem"));
        var record = Line("value: ");
        foreach (var (bits, standby) in (ReadOnlySpan<(int, bool)>)[(2048, false), (4096, false), (2048, true)])
        {
            _output.GetStringBuilder().Clear();
            Folder().Create("Example.COM.", "A", bits, standby);
            Assert.Equal(record, Line("value: "));
        }

        Assert.Equal(before, File.ReadAllBytes(_folder.File("data/dkim/example.com/a.pem")));
        Assert.Single(Directory.GetFiles(_folder.File("data/dkim/example.com")));
    }

    [Fact]
    public void A_rotation_goes_from_standby_to_active_to_retired()
    {
        Folder().Create("example.com", "old", 2048, standby: false);
        Folder().Create("example.com", "new", 2048, standby: true);
        Assert.Equal([("new", DkimKeyState.Standby), ("old", DkimKeyState.Active)], States());

        Folder().Use("example.com", "new");
        Assert.Contains("signed with it, and with old", _output.ToString(), StringComparison.Ordinal);
        Folder().Use("example.com", "new");
        Assert.Equal([("new", DkimKeyState.Active), ("old", DkimKeyState.Active)], States());

        Folder().Retire("example.com", "old");
        Folder().Retire("example.com", "old");
        Assert.Equal([("new", DkimKeyState.Active), ("old", DkimKeyState.Retired)], States());

        Folder().Retire("example.com", "new");
        Assert.Contains("no key of this domain any more", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Folder().Show("example.com", "old");
        Assert.StartsWith("retired: ", _output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("v=DKIM1; ", Line("value: "), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_names_each_key_and_what_is_wrong_with_it()
    {
        Folder().List();
        Assert.Contains("dkim new", _output.ToString(), StringComparison.Ordinal);
        Folder().Create("example.com", "a", 2048, standby: false);
        Folder().Create("example.org", "b", 2048, standby: true);
        File.SetUnixFileMode(_folder.File("data/dkim/example.org/b.pem.standby"), OwnerOnly | UnixFileMode.OtherRead);
        _output.GetStringBuilder().Clear();
        Folder().List();

        var lines = _output.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^example\.com +a +active +2048 bits$", lines[0]);
        Assert.Matches(@"^example\.org +b +standby +.*chmod 600", lines[1]);
    }

    [Fact]
    public void An_international_domain_is_written_as_DNS_has_it()
    {
        Folder().Create("bücher.example", "a", 2048, standby: false);
        Assert.True(File.Exists(_folder.File("data/dkim/xn--bcher-kva.example/a.pem")));
    }

    [Theory]
    [InlineData("'com' is no domain", "new", "com", "a")]
    [InlineData("is no domain", "new", "../../etc", "a")]
    [InlineData("is no selector", "new", "example.com", "../a")]
    [InlineData("is no selector", "new", "example.com", "a b")]
    [InlineData("--bits is 1024", "new", "example.com", "a", "--bits", "1024")]
    [InlineData("--bits is 8192", "new", "example.com", "a", "--bits", "8192")]
    [InlineData("--bits is 2049", "new", "example.com", "a", "--bits", "2049")]
    [InlineData("has no key a of example.com", "show", "example.com", "a")]
    [InlineData("has no key a of example.com", "use", "example.com", "a")]
    [InlineData("has no key a of example.com", "retire", "example.com", "a")]
    public async Task What_does_not_fit_is_one_line_that_says_so(string told, params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Usage, await CommandLine.RunAsync(["dkim", .. arguments, "--data", _folder.File("data")], error));
        Assert.Contains(told, Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task The_command_line_makes_keys_where_the_installation_has_them()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCodes.Success, await CommandLine.RunAsync(["dkim", "new", "example.com", "a", "--data", _folder.File("data")], error));
        Assert.Equal(ExitCodes.Success, await CommandLine.RunAsync(["dkim", "--data", _folder.File("data"), "new", "example.com", "b", "--standby"], error));
        Assert.Equal(ExitCodes.Success, await CommandLine.RunAsync(["dkim", "list", "--data", _folder.File("data")], error));
        File.WriteAllText(_folder.File("settings.json"), $$"""{ "Mta": { "DkimFolder": "{{_folder.File("elsewhere")}}" } }""");
        Assert.Equal(ExitCodes.Success, await CommandLine.RunAsync(["dkim", "new", "example.com", "c", "--settings", _folder.File("settings.json")], error));

        Assert.Equal("", error.ToString());
        Assert.Equal([("a", DkimKeyState.Active), ("b", DkimKeyState.Standby)], States());
        Assert.True(File.Exists(_folder.File("elsewhere/example.com/c.pem")));
    }

    private DkimFolder Folder() => new(_folder.File("data/dkim"), _output);

    private List<(string, DkimKeyState)> States() => [.. DkimKeyFile.List(_folder.File("data/dkim")).Select(file => (file.Selector, file.State))];

    private string Line(string lead) =>
        Assert.Single(_output.ToString().Split('\n'), line => line.StartsWith(lead, StringComparison.Ordinal))[lead.Length..];

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
