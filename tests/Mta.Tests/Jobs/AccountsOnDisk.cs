using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Access;
using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs;

/// <summary>An accounts file as the commands write it: whole, by rename.</summary>
internal sealed class AccountsOnDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _written;

    public string Path => _folder.File("accounts.json");

    public static AccountKey Key(string id, string secret, string rights = "all") =>
        new() { Id = id, Rights = rights, Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))) };

    public void Write(params Account[] accounts) => Write(new AccountsFile { Accounts = accounts }.ToJson());

    public void Write(byte[] json, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var temporary = _folder.File($"accounts.{_written++}");
        File.WriteAllBytes(temporary, json);
        File.SetUnixFileMode(temporary, mode);
        File.Move(temporary, Path, overwrite: true);
    }

    public void Dispose() => _folder.Dispose();
}
