using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Delivery.Cli.Up;
using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Testing;
using StackExchange.Redis;

namespace Delivery.Cli.Tests.Backup;

/// <summary>A backup of an installation that stands still, and what becomes of a backup that is not whole.</summary>
public sealed class BackupFileTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private RedisProcess _redis = null!;

    private string Source => _folder.File("source");

    private string Target => _folder.File("target");

    private string Backup => _folder.File("backup.tar.gz");

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        Directory.CreateDirectory(Path.Combine(Source, "dkim"));
        _ = KeyRing.LoadOrCreate(Path.Combine(Source, "keys.json"));
        File.WriteAllText(Path.Combine(Source, "api-key"), "a-key-0123456789abcdef\n");
        File.WriteAllText(Path.Combine(Source, "dkim", "shop.example.pem"), "not a key\n");
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_comes_back_and_twice_is_as_once()
    {
        var keys = new SuppressionKeys(new RedisOptions());
        using (var redis = await _redis.ConnectAsync())
        {
            for (var i = 0; i < 2_500; i++)
                await SuppressionScript.AddAsync(redis.GetDatabase(), keys, (uint)(1 + i % 2), new RecipientKey(1, (ulong)i), (SuppressionReason)(1 + i % 4), 0, 1_000 + i, Deadline);
        }

        var made = await OkAsync("backup", Backup, "--data", Source, "--redis", _redis.Address);
        Assert.Contains("2500 suppressions", made, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        await using var other = await RedisProcess.StartAsync();
        var told = await OkAsync("restore", Backup, "--data", Target, "--redis", other.Address);
        Assert.Contains("keys.json", told, StringComparison.Ordinal);
        await OkAsync("restore", Backup, "--data", Target, "--redis", other.Address, "--force");

        Assert.Equal(File.ReadAllBytes(Path.Combine(Source, "keys.json")), File.ReadAllBytes(Path.Combine(Target, "keys.json")));
        Assert.Equal("a-key-0123456789abcdef\n", File.ReadAllText(Path.Combine(Target, "api-key")));
        Assert.Equal("not a key\n", File.ReadAllText(Path.Combine(Target, "dkim", "shop.example.pem")));
        Assert.Single(Directory.GetDirectories(Target, "replaced-*"));
        Assert.Empty(Directory.GetDirectories(Target, ".restore-*"));
        Assert.Equal(["backup.tar.gz"], Directory.GetFileSystemEntries(_folder.Path, "*backup*").Select(Path.GetFileName));
        using var before = await _redis.ConnectAsync();
        using var after = await other.ConnectAsync();
        foreach (var account in new[] { 1u, 2u })
            Assert.Equal(await EntriesAsync(before, keys, account), await EntriesAsync(after, keys, account));
    }

    [Fact]
    public async Task The_launcher_s_own_Redis_is_started_for_a_moment()
    {
        var keys = new SuppressionKeys(new RedisOptions());
        using (var redis = await _redis.ConnectAsync())
            await SuppressionScript.AddAsync(redis.GetDatabase(), keys, 1, new RecipientKey(5, 6), SuppressionReason.Complaint, 0, 1_000, Deadline);
        await OkAsync("backup", Backup, "--data", Source, "--redis", _redis.Address);
        await OkAsync("restore", Backup, "--data", Target);

        var again = _folder.File("again.tar.gz");
        Assert.Contains("1 suppressions", await OkAsync("backup", again, "--data", Target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_or_in_use_is_left_alone()
    {
        await OkAsync("backup", Backup, "--data", Source, "--redis", _redis.Address);
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "mine"), "x");

        Assert.Contains("not empty", await RefusedAsync("restore", Backup, "--data", Target, "--redis", _redis.Address), StringComparison.Ordinal);
        using (DataFolder.Take(Target))
            Assert.Contains("in use", await RefusedAsync("restore", Backup, "--data", Target, "--redis", _redis.Address, "--force"), StringComparison.Ordinal);
        Assert.Equal(["lock", "mine"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName).Order());
        Assert.Contains("no installation", await RefusedAsync("backup", Backup, "--data", _folder.File("nobody")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("strange")]
    [InlineData("outside")]
    [InlineData("text")]
    public async Task A_damaged_backup_changes_nothing(string damage)
    {
        await OkAsync("backup", Backup, "--data", Source, "--redis", _redis.Address);
        Damage(damage);

        var line = await RefusedAsync("restore", Backup, "--data", Target, "--redis", _redis.Address);

        Assert.Contains("backup", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));
        Assert.False(File.Exists(_folder.File("outside")));
        Assert.DoesNotContain("a-key-0123456789abcdef", line, StringComparison.Ordinal);
    }

    private void Damage(string damage)
    {
        if (damage is "cut" or "text")
        {
            var bytes = File.ReadAllBytes(Backup);
            File.WriteAllBytes(Backup, damage == "cut" ? bytes[..(bytes.Length / 2)] : "no tar at all"u8.ToArray());
            return;
        }

        var entries = new List<(string Name, byte[] Data)>();
        using (var input = new TarReader(new GZipStream(File.OpenRead(Backup), CompressionMode.Decompress)))
        {
            while (input.GetNextEntry() is { } entry)
            {
                using var data = new MemoryStream();
                entry.DataStream?.CopyTo(data);
                entries.Add((entry.Name, data.ToArray()));
            }
        }

        var at = entries.FindIndex(entry => entry.Name == "keys.json");
        if (damage == "changed")
            entries[at].Data[^3] ^= 1;
        else if (damage == "missing")
            entries.RemoveAt(at);
        else if (damage == "strange")
            entries.Add(("more.json", "{}"u8.ToArray()));
        else
            entries = [(entries[0].Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entries[0].Data).Replace("keys.json", "../outside", StringComparison.Ordinal))), .. entries.Skip(1).Select(entry => (entry.Name.Replace("keys.json", "../outside", StringComparison.Ordinal), entry.Data))];
        using var output = new TarWriter(new GZipStream(File.Create(Backup), CompressionLevel.Fastest));
        foreach (var (name, data) in entries)
            output.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data) });
    }

    private static async Task<List<string>> EntriesAsync(ConnectionMultiplexer redis, SuppressionKeys keys, uint account) =>
        [.. (await redis.GetDatabase().HashGetAllAsync(keys.Of(account))).Select(entry => $"{entry.Name}={entry.Value}").Order(StringComparer.Ordinal)];

    private static async Task<string> OkAsync(params string[] arguments)
    {
        var (code, output, error) = await CliRun.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (code, _, error) = await CliRun.RunAsync(arguments);
        Assert.Equal(ExitCodes.Usage, code);
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
