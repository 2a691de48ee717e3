using Delivery.Contracts.Dkim;

namespace Delivery.Mta.Tests.Dkim;

/// <summary>Keys come, change and go while the program runs; what must not sign does not.</summary>
public sealed class KeyFolderTests : IDisposable
{
    private readonly TestKeys _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_signs_nothing()
    {
        _keys.Keys.Refresh();
        Assert.True(_keys.Keys.Current.IsEmpty);
        Assert.Empty(_keys.Keys.Faults);
    }

    [Fact]
    public void A_key_is_used_from_when_it_is_there_until_it_is_gone_or_retired()
    {
        var file = _keys.Add("example.com", "a");
        Assert.Equal(["a"], Selectors());
        _keys.Add("example.com", "b");
        Assert.Equal(["a", "b"], Selectors());

        File.Move(file.Path, (file with { State = DkimKeyState.Retired }).Path);
        _keys.Keys.Refresh();
        Assert.Equal(["b"], Selectors());

        Directory.Delete(Path.Combine(_keys.Folder, "example.com"), recursive: true);
        _keys.Keys.Refresh();
        Assert.Empty(Selectors());
    }

    [Fact]
    public void A_look_at_keys_that_did_not_change_gives_the_same_table()
    {
        _keys.Add("example.com", "a");
        var table = _keys.Keys.Current;
        _keys.Keys.Refresh();
        Assert.Same(table, _keys.Keys.Current);
    }

    [Fact]
    public void A_key_that_is_replaced_is_read_again()
    {
        var file = _keys.Add("example.com", "a");
        var before = _keys.Keys.Current.Find("example.com")[0];
        TestKeys.Write(file, TestKeys.Pem(3072));
        _keys.Keys.Refresh();
        var after = _keys.Keys.Current.Find("example.com")[0];
        Assert.NotSame(before, after);
        Assert.Equal(3072, after.Bits);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite)]
    public void A_file_that_others_can_reach_is_refused_with_what_to_do(UnixFileMode mode)
    {
        var file = TestKeys.Create(_keys.Folder, "example.com", "a");
        File.SetUnixFileMode(file.Path, mode);
        _keys.Keys.Refresh();

        Assert.Empty(Selectors());
        var fault = Assert.Single(_keys.Keys.Faults);
        Assert.Contains(file.Path, fault, StringComparison.Ordinal);
        Assert.Contains("chmod 600", fault, StringComparison.Ordinal);

        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead);
        _keys.Keys.Refresh();
        Assert.Equal(["a"], Selectors());
        Assert.Empty(_keys.Keys.Faults);
    }

    [Theory]
    [InlineData("short", "1024 bits")]
    [InlineData("nothing", "no RSA private key")]
    [InlineData("public", "no RSA private key")]
    [InlineData("cut", "no RSA private key")]
    [InlineData("elliptic", "no RSA private key")]
    [InlineData("large", "larger than")]
    public void What_is_no_key_to_sign_with_is_refused_and_nothing_of_it_is_told(string kind, string told)
    {
        using var elliptic = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var pem = rsa.ExportPkcs8PrivateKeyPem();
        var text = kind switch
        {
            "short" => TestKeys.Pem(1024),
            "public" => rsa.ExportSubjectPublicKeyInfoPem(),
            "cut" => pem[..400] + "\n-----END PRIVATE KEY-----\n",
            "elliptic" => elliptic.ExportPkcs8PrivateKeyPem(),
            "large" => new string('x', 100_000),
            _ => "",
        };
        TestKeys.Write(new DkimKeyFile(_keys.Folder, "example.com", "a", DkimKeyState.Active), text);
        _keys.Keys.Refresh();

        Assert.Empty(Selectors());
        var fault = Assert.Single(_keys.Keys.Faults);
        Assert.Contains(told, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("com", "a")]
    [InlineData("Example.com", "a")]
    [InlineData("example.com", "A")]
    [InlineData("exa_mple.com", "a")]
    [InlineData("example.com", "a..b")]
    public void A_name_that_cannot_stand_in_DNS_is_refused(string domain, string selector)
    {
        TestKeys.Write(new DkimKeyFile(_keys.Folder, domain, selector, DkimKeyState.Active), TestKeys.Pem(2048));
        _keys.Keys.Refresh();
        Assert.True(_keys.Keys.Current.IsEmpty);
        Assert.Contains(selector == "a" ? domain : selector, Assert.Single(_keys.Keys.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_damaged_while_in_use_goes_on_signing_and_hurts_no_neighbour()
    {
        var file = _keys.Add("example.com", "a");
        TestKeys.Write(file, "-----BEGIN");
        _keys.Add("example.org", "b");

        Assert.Equal(["a"], Selectors());
        Assert.Equal("b", _keys.Keys.Current.Find("example.org")[0].Selector);
        Assert.Single(_keys.Keys.Faults);
    }

    [Fact]
    public void Files_of_other_names_are_left_alone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_keys.Folder, "example.com")).FullName;
        foreach (var name in (string[])["README", "a.pem.bak", ".a.pem", "a.txt", ".pem"])
            File.WriteAllText(Path.Combine(folder, name), "x");
        _keys.Keys.Refresh();
        Assert.Empty(Selectors());
        Assert.Empty(_keys.Keys.Faults);
    }

    private IEnumerable<string> Selectors() => _keys.Keys.Current.Find("example.com").Select(key => key.Selector);
}
