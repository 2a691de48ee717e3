using System.Diagnostics;
using System.Text.RegularExpressions;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>
/// A small root file system for servers whose paths and accounts are fixed at their build: the unpacked package, the libraries that
/// its programs need, and accounts of its own. Nothing of the machine's is changed. Needs root.
/// </summary>
internal sealed partial class ServerRoot : IDisposable
{
    /// <summary>Owns the mail.</summary>
    public const string Owner = "box";

    private static readonly string[] Accounts = ["Debian-exim", "opensmtpd", "opensmtpq", Owner];
    private readonly TemporaryFolder _folder = new();

    public string File(string path) => Path.Combine(_folder.Path, path);

    /// <param name="tool">A folder in .tools.</param>
    /// <param name="programs">Their paths in it.</param>
    public static async Task<ServerRoot> CreateAsync(string tool, params string[] programs)
    {
        var root = new ServerRoot();
        System.IO.File.SetUnixFileMode(root._folder.Path, (UnixFileMode)0b111_101_101);
        var package = RepositoryRoot.Tool(tool);
        foreach (var folder in new[] { "etc", "dev", "tmp", "lib", "usr", "home/box", "var/run", "var/mail", "var/log", "var/spool" })
            Directory.CreateDirectory(root.File(folder));
        System.IO.File.SetUnixFileMode(root.File("tmp"), (UnixFileMode)0b1_111_111_111);
        foreach (var folder in new[] { "sbin", "libexec", "bin" }.Where(folder => Directory.Exists(Path.Combine(package, "usr", folder))))
            await Shell.RunAsync("cp", "-a", Path.Combine(package, "usr", folder), root.File("usr"));
        await root.AddLibrariesAsync(package, programs);
        // Device nodes can be forbidden where mail servers still run.
        await Shell.RunAsync("sh", "-c", "mknod -m 666 \"$0/null\" c 1 3 2>/dev/null || : >\"$0/null\"; mknod -m 666 \"$0/urandom\" c 1 9 2>/dev/null || true", root.File("dev"));
        var lines = Accounts.Select((name, i) => $"{name}:x:{900 + i}:{900 + i}::/home/{name}:/bin/false").Prepend("root:x:0:0::/:/bin/false");
        await System.IO.File.WriteAllLinesAsync(root.File("etc/passwd"), lines);
        await System.IO.File.WriteAllLinesAsync(root.File("etc/group"), Accounts.Select((name, i) => $"{name}:x:{900 + i}:").Prepend("root:x:0:"));
        await System.IO.File.WriteAllTextAsync(root.File("etc/hosts"), "127.0.0.1 localhost\n");
        await root.GiveToAsync(Owner, "home/box");
        return root;
    }

    public async Task GiveToAsync(string account, params string[] folders)
    {
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(File(folder));
            await Shell.RunAsync("chown", account == "root" ? "0:0" : $"{900 + Array.IndexOf(Accounts, account)}:{900 + Array.IndexOf(Accounts, account)}", File(folder));
        }
    }

    public ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("chroot") { RedirectStandardError = false };
        foreach (var argument in (string[])[_folder.Path, program, .. arguments])
            start.ArgumentList.Add(argument);
        return start;
    }

    public void Dispose() => _folder.Dispose();

    private async Task AddLibrariesAsync(string package, string[] programs)
    {
        var own = Directory.EnumerateFiles(package, "*.so*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct();
        var listed = await Shell.RunAsync("env", ["LD_LIBRARY_PATH=" + string.Join(':', own), "ldd", .. programs.Select(program => Path.Combine(package, program))]);
        Assert.DoesNotContain("not found", listed, StringComparison.Ordinal);
        foreach (var library in Library().Matches(listed).Select(match => match.Value).Distinct())
        {
            // The loader alone is asked for by its full path.
            var place = Path.GetFileName(library).StartsWith("ld-", StringComparison.Ordinal) ? library[1..] : Path.Combine("lib", Path.GetFileName(library));
            Directory.CreateDirectory(Path.GetDirectoryName(File(place))!);
            System.IO.File.Copy(library, File(place), overwrite: true);
        }
    }

    [GeneratedRegex(@"/\S+\.so[.\d]*(?= \()")]
    private static partial Regex Library();
}
