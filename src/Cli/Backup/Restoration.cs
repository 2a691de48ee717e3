using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Webhooks;

namespace Delivery.Cli.Backup;

/// <summary>Puts a backup into a data folder that nobody uses. Nothing is changed before all of the backup was found whole.</summary>
internal sealed class Restoration(BackupPlaces places, TimeProvider time)
{
    /// <summary>Jobs that were paused.</summary>
    public long Held { get; private set; }

    /// <summary>Recipients in the spool who were erased once more.</summary>
    public int Erased { get; private set; }

    /// <summary>Where what was in the way is now, or null.</summary>
    public string? Aside { get; private set; }

    /// <param name="force">Take a folder that is not empty: what is in the way is moved aside.</param>
    /// <exception cref="LaunchException">The backup is damaged, or the folder is in use or not empty.</exception>
    public async Task<BackupManifest> RunAsync(string file, bool force, bool resume)
    {
        var data = places.Data;
        var isNew = !Directory.Exists(data);
        Directory.CreateDirectory(data, WholeFile.OwnerFolder);
        try
        {
            using var held = DataFolder.Take(data);
            if (!force && Directory.EnumerateFileSystemEntries(data).Any(path => Path.GetFileName(path) != DataFolder.LockFile))
                throw new LaunchException($"the data folder {data} is not empty: give another with --data, or --force to move aside what is in the way");
            var staging = Directory.CreateDirectory(Path.Combine(data, $".restore-{Guid.NewGuid():N}"), WholeFile.OwnerFolder).FullName;
            try
            {
                var manifest = await BackupReader.UnpackAsync(Path.GetFullPath(file), staging);
                if (manifest.Parts.Any(part => part.Name == BackupPart.Spool))
                    Held = SpoolCopy.Revive(Path.Combine(staging, BackupPart.Spool), resume);
                await PlaceAsync(staging, manifest);
                isNew = false;
                return manifest;
            }
            finally
            {
                Directory.Delete(staging, recursive: true);
            }
        }
        finally
        {
            if (isNew)
                Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The spool comes last: mail can be sent only where keys and suppressions already are.</summary>
    private async Task PlaceAsync(string staging, BackupManifest manifest)
    {
        foreach (var name in new[] { BackupPart.Keys, BackupPart.Accounts, BackupPart.ApiKey, BackupPart.Settings, "dkim" })
            Place(staging, name);
        var erased = await LoadSuppressionsAsync(manifest.Parts.Any(part => part.Name == BackupPart.Suppressions) ? Path.Combine(staging, BackupPart.Suppressions) : null);
        if (erased.Count > 0 && manifest.Parts.Any(part => part.Name == BackupPart.Spool))
            Erased = SpoolCopy.Erase(Path.Combine(staging, BackupPart.Spool), erased);
        Place(staging, "spool");
    }

    private void Place(string staging, string name)
    {
        var (from, to) = (Path.Combine(staging, name), Path.Combine(places.Data, name));
        if (!Path.Exists(from))
            return;
        if (Path.Exists(to))
        {
            Aside ??= Directory.CreateDirectory(
                Path.Combine(places.Data, $"replaced-{time.GetUtcNow().UtcDateTime:yyyyMMddTHHmmssfff}Z"), WholeFile.OwnerFolder).FullName;
            Directory.Move(to, Path.Combine(Aside, name));
        }

        Directory.Move(from, to);
        WholeFile.FlushFolder(places.Data);
    }

    /// <summary>Adds those of the backup to what Redis has, and returns who was erased by either.</summary>
    private async Task<List<RecipientKey>> LoadSuppressionsAsync(string? path)
    {
        if (path is null && places.OwnRedis is null && !Directory.Exists(Path.Combine(places.Data, "redis")))
            return [];
        await using var atRest = places.OwnRedis is null ? await RedisAtRest.StartAsync(places.Data, time) : null;
        var address = places.OwnRedis ?? atRest!.Address;
        using var connection = await places.ConnectAsync(address);
        var keys = new SuppressionKeys(places.RedisOptions(address));
        if (path is not null)
        {
            using var input = new StreamReader(path);
            await SuppressionDump.LoadAsync(connection.GetDatabase(), keys, input);
            if (Path.Combine(Path.GetDirectoryName(path)!, BackupPart.Webhooks) is var webhooks && File.Exists(webhooks))
            {
                using var lines = new StreamReader(webhooks);
                await WebhookDump.LoadAsync(connection.GetDatabase(), new WebhookKeys(places.RedisOptions(address)), lines);
            }
        }

        return await SuppressionDump.ErasedAsync(connection.GetDatabase(), keys);
    }
}
