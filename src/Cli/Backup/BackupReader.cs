using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Delivery.Cli.Processes;

namespace Delivery.Cli.Backup;

/// <summary>Unpacks a backup into an empty folder and holds every part to its manifest.</summary>
internal static class BackupReader
{
    private const long MaxManifestBytes = 16 << 20;

    /// <exception cref="LaunchException">It is no backup, is cut off, or a part is not what its manifest says.</exception>
    public static async Task<BackupManifest> UnpackAsync(string file, string folder)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            await using var gzip = new GZipStream(stream, CompressionMode.Decompress);
            await using var tar = new TarReader(gzip);
            var manifest = await ManifestAsync(tar);
            var left = manifest.Parts.ToDictionary(part => part.Name, StringComparer.Ordinal);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                if (!left.Remove(entry.Name, out var part) || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                    throw new LaunchException($"{file} is damaged: it holds '{Shown(entry.Name)}', which its manifest does not name");
                await UnpackAsync(file, entry, part, Path.Combine(folder, part.Name));
            }

            return left.Count == 0 ? manifest : throw new LaunchException($"{file} is damaged: {left.Keys.First()} is missing");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new LaunchException($"{file} is no backup, or is damaged: {e.Message.ReplaceLineEndings(" ")}");
        }
        catch (FileNotFoundException)
        {
            throw new LaunchException($"{file} is not there");
        }
    }

    private static async Task<BackupManifest> ManifestAsync(TarReader tar)
    {
        if (await tar.GetNextEntryAsync() is not { Name: BackupManifest.EntryName, DataStream: { } data, Length: <= MaxManifestBytes })
            throw new LaunchException("the file is no backup: it does not begin with a manifest");
        using var bytes = new MemoryStream();
        await data.CopyToAsync(bytes);
        return BackupManifest.Parse(bytes.ToArray());
    }

    private static async Task UnpackAsync(string file, TarEntry entry, BackupPart part, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, WholeFile.OwnerFolder);
        await using var output = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = WholeFile.OwnerOnly });
        if (entry.DataStream is { } data && entry.Length == part.Bytes)
            await data.CopyToAsync(output);
        output.Flush(flushToDisk: true);
        output.Position = 0;
        if (output.Length != part.Bytes || Convert.ToHexStringLower(await SHA256.HashDataAsync(output)) != part.Sha256)
            throw new LaunchException($"{file} is damaged: {part.Name} is not what was backed up");
    }

    private static string Shown(string name) => new([.. name.Take(80).Where(c => !char.IsControl(c))]);
}
