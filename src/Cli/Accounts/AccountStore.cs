using Delivery.Cli.Processes;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>The accounts file as the commands change it: one command at a time, the file whole before and after.</summary>
internal sealed class AccountStore(string path, TimeProvider time)
{
    private static readonly TimeSpan LockDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <exception cref="LaunchException">It is no accounts file, or others may read it.</exception>
    public AccountsFile Read()
    {
        try
        {
            return AccountsFile.Load(Path);
        }
        catch (InvalidDataException e)
        {
            throw new LaunchException(e.Message);
        }
    }

    /// <summary>Puts what <paramref name="change"/> makes of the file in its place; writes nothing where that is the same.</summary>
    /// <exception cref="LaunchException">The change was refused, or another command holds the file.</exception>
    public async Task ChangeAsync(Func<AccountsFile, AccountsFile> change)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, WholeFile.OwnerFolder);
        await using var held = await LockAsync();
        var before = Read();
        var after = change(before);
        if (ReferenceEquals(before, after))
            return;
        if (after.Fault() is { } fault)
            throw new LaunchException(fault);
        await WholeFile.WriteAsync(Path, async stream => await stream.WriteAsync(after.ToJson()));
    }

    private async Task<FileStream> LockAsync()
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path + ".lock", new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = WholeFile.OwnerOnly,
                });
            }
            catch (IOException) when (File.Exists(Path + ".lock") && time.GetElapsedTime(started) < LockDeadline)
            {
                await Task.Delay(LockPause, time);
            }
        }
    }
}
