using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Delivery.Cli.Processes;
using Delivery.Cli.Up;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Webhooks;

namespace Delivery.Cli.Backup;

/// <summary>Makes one file of all that cannot be made again, from an installation that runs or stands still.</summary>
internal sealed class BackupWriter(BackupPlaces places, TimeProvider time)
{
    private readonly List<(string Name, string Path)> _parts = [];

    /// <summary>On return the backup is on disk under its name; what had that name before is replaced only then.</summary>
    /// <exception cref="LaunchException">There is no installation, or its spool or Redis cannot be read.</exception>
    public async Task<BackupManifest> WriteAsync(string file)
    {
        if (!File.Exists(places.Keys))
            throw new LaunchException($"{places.Data} is no installation: {places.Keys} is not there");
        file = Path.GetFullPath(file);
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new LaunchException($"{Path.GetDirectoryName(file)} is not there: make it first, or see whether what belongs there is mounted");
        var staging = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.parts-{Guid.NewGuid():N}"), WholeFile.OwnerFolder).FullName;
        try
        {
            Take(BackupPart.Keys, places.Keys);
            Take(BackupPart.Accounts, places.Accounts);
            Take(BackupPart.ApiKey, Path.Combine(places.Data, BackupPart.ApiKey));
            Take(BackupPart.Settings, places.Settings);
            TakeDkim();

            // The spool before Redis: a suppression on its way from one to the other is then in at least one of them.
            var (jobs, recipients) = TakeSpool(Path.Combine(staging, "spool.db"));
            var suppressions = await TakeSuppressionsAsync(Path.Combine(staging, BackupPart.Suppressions));
            var manifest = new BackupManifest
            {
                Version = BackupManifest.CurrentVersion,
                Created = time.GetUtcNow(),
                UnfinishedJobs = jobs,
                OpenRecipients = recipients,
                Suppressions = suppressions,
                Parts = await Task.WhenAll(_parts.Select(part => DescribeAsync(part.Name, part.Path))),
            };
            await WholeFile.WriteAsync(file, stream => PackAsync(manifest, stream));
            return manifest;
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private void Take(string name, string? path)
    {
        if (File.Exists(path))
            _parts.Add((name, path));
    }

    private void TakeDkim()
    {
        if (!Directory.Exists(places.Dkim))
            return;
        foreach (var path in Directory.EnumerateFiles(places.Dkim, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = BackupPart.Dkim + Path.GetRelativePath(places.Dkim, path);
            if (!BackupPart.IsKnown(name))
                throw new LaunchException($"{path} has a name that no backup takes: rename it, or move it out of {places.Dkim}");
            Take(name, path);
        }
    }

    private (long Jobs, long Recipients) TakeSpool(string copy)
    {
        if (!File.Exists(places.Spool))
            return (0, 0);
        var open = SpoolCopy.Make(places.Spool, copy);
        Take(BackupPart.Spool, copy);
        return open;
    }

    private async Task<long> TakeSuppressionsAsync(string path)
    {
        if (places.OwnRedis is { } own)
            return await DumpAsync(own, path);
        if (DataFolder.TryTake(places.Data) is not { } still)
        {
            var running = DataFolder.FindAddresses(places.Data)
                ?? throw new LaunchException($"the programs of {places.Data} are starting or stopping: try again in a moment");
            return await DumpAsync(running.Redis, path);
        }

        using (still)
        {
            if (!Directory.Exists(Path.Combine(places.Data, "redis")))
                return 0;
            await using var redis = await RedisAtRest.StartAsync(places.Data, time);
            return await DumpAsync(redis.Address, path);
        }
    }

    private async Task<long> DumpAsync(string address, string path)
    {
        using var connection = await places.ConnectAsync(address);
        long lines;
        await using (var output = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = WholeFile.OwnerOnly }))
            lines = await SuppressionDump.WriteAsync(connection.GetDatabase(), new SuppressionKeys(places.RedisOptions(address)), output);
        Take(BackupPart.Suppressions, path);
        var webhooks = Path.Combine(Path.GetDirectoryName(path)!, BackupPart.Webhooks);
        await using (var output = new FileStream(webhooks, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = WholeFile.OwnerOnly }))
            await WebhookDump.WriteAsync(connection.GetDatabase(), new WebhookKeys(places.RedisOptions(address)), output);
        Take(BackupPart.Webhooks, webhooks);
        return lines;
    }

    private static async Task<BackupPart> DescribeAsync(string name, string path)
    {
        await using var stream = File.OpenRead(path);
        var digest = await SHA256.HashDataAsync(stream);
        return new BackupPart(name, stream.Length, Convert.ToHexStringLower(digest));
    }

    private async Task PackAsync(BackupManifest manifest, Stream stream)
    {
        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        await AddAsync(tar, BackupManifest.EntryName, new MemoryStream(manifest.ToJson()), manifest.Created);
        foreach (var (name, path) in _parts)
        {
            await using var part = File.OpenRead(path);
            await AddAsync(tar, name, part, manifest.Created);
        }
    }

    private static async Task AddAsync(TarWriter tar, string name, Stream data, DateTimeOffset time) =>
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = WholeFile.OwnerOnly, ModificationTime = time });
}
