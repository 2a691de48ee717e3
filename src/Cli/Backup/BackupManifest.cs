using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Cli.Backup;

/// <summary>What a backup holds: its first entry, and what every other one is held to.</summary>
internal sealed record BackupManifest
{
    public const string EntryName = "manifest.json";
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Jobs in the spool that were not finished, and recipients of theirs without an outcome.</summary>
    public required long UnfinishedJobs { get; init; }

    public required long OpenRecipients { get; init; }

    public required long Suppressions { get; init; }

    public required IReadOnlyList<BackupPart> Parts { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <exception cref="LaunchException">It is no manifest, or of a version that this program does not read.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest);
            if (manifest is { Version: CurrentVersion } && manifest.Parts.All(part => part is { Name: not null } && BackupPart.IsKnown(part.Name) && part.Bytes >= 0 && part.Sha256 is { Length: 64 }))
                return manifest;
            throw new LaunchException(manifest is null or { Version: CurrentVersion }
                ? "the backup's manifest names parts that no backup has"
                : $"the backup is of version {manifest.Version}, and this program reads {CurrentVersion}");
        }
        catch (JsonException)
        {
            throw new LaunchException("the file is no backup: its manifest cannot be read");
        }
    }
}

/// <param name="Name">Path in the backup and below the data folder, with <c>/</c>.</param>
internal sealed record BackupPart(string Name, long Bytes, string Sha256)
{
    public const string Keys = "keys.json";
    public const string Accounts = "accounts.json";
    public const string ApiKey = "api-key";
    public const string Settings = "settings.json";
    public const string Dkim = "dkim/";
    public const string Suppressions = "suppressions.ndjson";
    public const string Webhooks = "webhooks.ndjson";
    public const string Spool = "spool/spool.db";

    /// <summary>Whether a backup may have it; nothing else is ever written when one is restored.</summary>
    public static bool IsKnown(string name) => name is Keys or Accounts or ApiKey or Settings or Suppressions or Webhooks or Spool
        || (name.StartsWith(Dkim, StringComparison.Ordinal) && name[Dkim.Length..] is { Length: > 0 } rest
            && !rest.StartsWith('/') && rest.Split('/').All(step => step is not ("" or "." or "..")) && !rest.Contains('\\', StringComparison.Ordinal) && !rest.Any(char.IsControl));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
