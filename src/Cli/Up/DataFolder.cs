using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Tokens;

namespace Delivery.Cli.Up;

/// <summary>The folder of an installation. One launcher at a time holds it; the hold ends with the process, however it ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int KeyBytes = 24;
    public const string AccountsFile = "accounts.json";
    public const string LockFile = "lock";
    private const string AddressesFile = "addresses.json";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string KeysFile => File("keys.json");

    /// <summary>The DKIM keys; they need no hold of the folder, the Mta sees what changes.</summary>
    public string DkimFolder => DkimFolderOf(Path);

    /// <summary>Creates the folder (0700) and its key ring where they are not there, and takes the hold.</summary>
    /// <exception cref="LaunchException">Another launcher holds the folder, or it cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            var folder = new DataFolder(path, Take(path));
            folder.WriteSecret("pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            _ = KeyRing.LoadOrCreate(folder.KeysFile);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new LaunchException($"the data folder {path} cannot be used: {e.Message}");
        }
    }

    public static string DkimFolderOf(string path) => System.IO.Path.Combine(path, "dkim");

    /// <summary>Takes the hold of a folder that exists, and changes nothing else in it.</summary>
    /// <exception cref="LaunchException">Another launcher holds it.</exception>
    public static FileStream Take(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), Create(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException) when (System.IO.File.Exists(System.IO.Path.Combine(path, LockFile)) && Holder(path) is { } holder)
        {
            throw new LaunchException($"the data folder {path} is in use by process {holder}: stop it, or give another folder with --data");
        }
    }

    /// <summary>As <see cref="Take"/>, with null where another launcher holds it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return Take(path);
        }
        catch (LaunchException)
        {
            return null;
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The installation's own API key, made at the first call.</summary>
    public string ApiKey()
    {
        if (System.IO.File.Exists(File("api-key")) && System.IO.File.ReadAllText(File("api-key")).Trim() is { Length: >= 16 } known)
            return known;
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        WriteSecret("api-key", key);
        return key;
    }

    /// <summary>Notes where the running programs answer, for the commands that talk to them; readable by the owner only. Forgotten with the hold.</summary>
    public void Publish(Addresses addresses) => WriteSecret(AddressesFile, JsonSerializer.Serialize(addresses, AddressesJson.Default.Addresses));

    /// <summary>Where the programs of a folder answer; null where none were started from it, or they were stopped.</summary>
    public static Addresses? FindAddresses(string path)
    {
        var file = System.IO.Path.Combine(path, AddressesFile);
        return System.IO.File.Exists(file) ? JsonSerializer.Deserialize(System.IO.File.ReadAllText(file), AddressesJson.Default.Addresses) : null;
    }

    public void Dispose()
    {
        System.IO.File.Delete(File(AddressesFile));
        System.IO.File.Delete(File("pid"));
        _lock.Dispose();
    }

    /// <summary>The hold of a folder whose launcher was killed: its process id is still noted and nobody holds it. Null for any other.</summary>
    public static IDisposable? TakeAbandoned(string path)
    {
        if (!System.IO.File.Exists(System.IO.Path.Combine(path, "pid")))
            return null;
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), Create(FileMode.Open, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? Holder(string path)
    {
        try
        {
            using var free = new FileStream(System.IO.Path.Combine(path, "lock"), Create(FileMode.Open, FileShare.None));
            return null;
        }
        catch (IOException)
        {
            var pid = System.IO.Path.Combine(path, "pid");
            return System.IO.File.Exists(pid) ? System.IO.File.ReadAllText(pid).Trim() : "unknown";
        }
    }

    /// <summary>Readable by the owner from the first byte on, and whole or not there.</summary>
    private void WriteSecret(string name, string text)
    {
        var temporary = File(name + ".new");
        System.IO.File.Delete(temporary);
        using (var stream = new FileStream(temporary, Create(FileMode.CreateNew, FileShare.Read)))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(temporary, File(name), overwrite: true);
    }

    private static FileStreamOptions Create(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (mode != FileMode.Open)
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
