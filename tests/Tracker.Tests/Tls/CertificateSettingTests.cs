using Delivery.Contracts.Settings;
using Delivery.Testing;

namespace Delivery.Tracker.Tests.Tls;

public sealed class CertificateSettingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    public static TheoryData<string, string[]> Wrong => new()
    {
        { "Tracker:Certificates:0:Path", ["--Tracker:HttpsUrl=https://127.0.0.1:0"] },
        { "Tracker:HttpsUrl", ["--Tracker:Certificates:0:Path=one.pem"] },
        { "Tracker:HttpsUrl", ["--Tracker:HttpsUrl=http://127.0.0.1:0", "--Tracker:Certificates:0:Path=one.pem"] },
        { "Tracker:Url", ["--Tracker:Url=https://127.0.0.1:0"] },
        { "Tracker:Url", ["--Tracker:Url="] },
        { "missing.pem", ["--Tracker:HttpsUrl=https://127.0.0.1:0", "--Tracker:Certificates:0:Path=FOLDER/missing.pem"] },
        { "private key", ["--Tracker:HttpsUrl=https://127.0.0.1:0", "--Tracker:Certificates:0:Path=FOLDER/one.pem"] },
        { "chmod", ["--Tracker:HttpsUrl=https://127.0.0.1:0", "--Tracker:Certificates:0:Path=FOLDER/one.pem", "--Tracker:Certificates:0:KeyPath=FOLDER/open.key"] },
        { "one.pem", ["--Tracker:HttpsUrl=https://127.0.0.1:0", "--Tracker:Certificates:0:Path=FOLDER/one.pem", "--Tracker:Certificates:0:KeyPath=FOLDER/two.key"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_stops_the_start_with_one_line(string named, string[] settings)
    {
        _authority.Issue("one", ["a.example"]);
        _authority.Issue("two", ["b.example"]);
        _authority.Put("open.key", File.ReadAllText(_authority.PathOf("one.key")));
        File.SetUnixFileMode(_authority.PathOf("open.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        string[] arguments =
        [
            "--Tracker:Url=http://127.0.0.1:0", $"--Tracker:KeysFile={_folder.File("keys.json")}", $"--Tracker:Journal={_folder.File("journal")}",
            .. settings.Select(one => one.Replace("FOLDER", Path.GetDirectoryName(_authority.PathOf("x")), StringComparison.Ordinal)),
        ];
        var fault = Assert.ThrowsAny<Exception>(() => TrackerProgram.Build(arguments));
        Assert.True(StartFault.Explains(fault, out var line));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("BEGIN", line, StringComparison.Ordinal);
    }
}
