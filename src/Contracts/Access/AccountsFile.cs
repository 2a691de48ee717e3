using System.Text.Json;
using System.Text.Json.Serialization;

namespace Delivery.Contracts.Access;

/// <summary>
/// The file of all accounts and their keys (setting <c>Access:File</c>). The commands write it whole, by rename; the Mta and the
/// Aggregator read it. Immutable.
/// </summary>
public sealed record AccountsFile
{
    public const int CurrentVersion = 1;

    /// <summary>Lists of an account that have names: as many as a reader can be shown.</summary>
    public const int MaxLists = 50;

    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>A file that does not say is of the current one.</summary>
    public int Version { get; init => field = value == 0 ? CurrentVersion : value; } = CurrentVersion;

    public IReadOnlyList<Account> Accounts { get; init => field = value ?? []; } = [];

    /// <summary>Reads the file; one that is not there has no accounts.</summary>
    /// <exception cref="InvalidDataException">It is no accounts file, or others than its owner may read it. One line that holds nothing of the content but names and ids.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read it.</exception>
    public static AccountsFile Load(string path)
    {
        byte[] bytes;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != 0)
                throw new InvalidDataException($"{path} can be read by others than its owner: chmod 600 {path}");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new AccountsFile();
        }

        return Parse(bytes, path);
    }

    /// <exception cref="InvalidDataException">It is no accounts file.</exception>
    public static AccountsFile Parse(ReadOnlySpan<byte> json, string path)
    {
        AccountsFile? file;
        try
        {
            file = JsonSerializer.Deserialize(json, AccountsJson.Default.AccountsFile);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not an accounts file: line {e.LineNumber + 1} is not valid JSON, or not what stands there in one.");
        }

        if (file?.Fault() is { } fault)
            throw new InvalidDataException($"{path}: {fault}.");
        return file ?? throw new InvalidDataException($"{path} is not an accounts file: it is null.");
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AccountsJson.Default.AccountsFile);

    /// <summary>What cannot stand in an accounts file, or null.</summary>
    public string? Fault()
    {
        if (Version != CurrentVersion)
            return $"version is {Version}, and this program reads {CurrentVersion}";
        var (ids, names, keys, digests) = (new HashSet<uint>(), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Accounts.Count; i++)
        {
            if (Accounts[i] is not { Name.Length: > 0 } account)
                return $"accounts[{i}] has no name";
            if (account.Id is 0 or > int.MaxValue || !ids.Add(account.Id))
                return $"accounts[{i}].id is taken, or not from 1 to {int.MaxValue}";
            if (!names.Add(account.Name))
                return $"accounts[{i}].name is taken";
            if (account.MaxRecipientsPerDay < 0 || account.MaxJobs < 0)
                return $"accounts[{i}] has a cap below 0";
            if (account.FromDomains.Any(domain => string.IsNullOrEmpty(domain) || (domain[0] == '*' && !domain.StartsWith("*.", StringComparison.Ordinal))))
                return $"accounts[{i}].from_domains has one that is neither a domain nor '*.' and a domain";
            if (account.TimeZone is { } zone && !TimeZoneName.IsWellFormed(zone))
                return $"accounts[{i}].time_zone is not of the form {TimeZoneName.Form}";
            if (AudienceFault(account, hosts) is { } fault)
                return $"accounts[{i}].{fault}";
            foreach (var key in account.Keys)
            {
                if (key?.Id is null || !keys.Add(key.Id))
                    return $"accounts[{i}] has a key without an id of its own";
                if (!RightNames.TryParse(key.Rights ?? "", out _))
                    return $"key {key.Id} has unknown rights";
                if (key.Sha256 is null ? key.Revoked is null : key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit) || !digests.Add(key.Sha256))
                    return $"key {key.Id} needs sha256 as 64 hex digits that no other key has";
            }
        }

        return null;
    }

    /// <summary>What is wrong with that which readers see of an account, or null. Hosts are taken by the accounts before it.</summary>
    private static string? AudienceFault(Account account, HashSet<string> hosts)
    {
        if (account.DisplayName?.Fault() is { } name)
            return $"display_name {name}";
        var ids = new HashSet<uint>();
        foreach (var list in account.Lists)
        {
            if (list is null || list.Id is 0 or > int.MaxValue || !ids.Add(list.Id))
                return $"lists has one whose id is taken, or not from 1 to {int.MaxValue}";
            if (list.Name is not { } listed || listed.Fault() is not null)
                return $"lists: the name of list {list.Id} {list.Name?.Fault() ?? "is missing"}";
        }

        if (ids.Count > MaxLists)
            return $"lists has more than {MaxLists}";
        if (account.TrackingUrl is not { } text)
            return null;
        if (!Access.TrackingUrl.TryParse(text, out var url))
            return $"tracking_url is not of the form {Access.TrackingUrl.Form}";
        return hosts.Add(url.IdnHost) ? null : $"tracking_url: the host {url.IdnHost} is that of another account";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    WriteIndented = true)]
[JsonSerializable(typeof(AccountsFile))]
internal sealed partial class AccountsJson : JsonSerializerContext;
