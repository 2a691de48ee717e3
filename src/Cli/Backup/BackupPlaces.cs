using Delivery.Cli.Up;
using Delivery.Contracts.Streams;
using StackExchange.Redis;

namespace Delivery.Cli.Backup;

/// <summary>Where an installation keeps what a backup holds: in its data folder, unless a setting says otherwise.</summary>
internal sealed class BackupPlaces(SettingSources sources)
{
    private const string ClientName = "delivery-backup";
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);

    public string Data { get; } = Path.GetFullPath(
        sources.Find(UpSetting.Data)?.Text ?? Path.Combine(Programs.Root, ".delivery"));

    public string Keys => Of("Mta:KeysFile", BackupPart.Keys);

    public string Accounts => Of("Access:File", BackupPart.Accounts);

    public string Dkim => Of("Mta:DkimFolder", "dkim");

    public string Spool => Path.Combine(Of("Mta:Spool", "spool"), "spool.db");

    public string? Settings => sources.File;

    /// <summary>A Redis of the operator's own, or null for the launcher's.</summary>
    public string? OwnRedis => sources.Find(UpSetting.Redis)?.Text ?? sources.Program("Redis:Address")?.Text;

    public RedisOptions RedisOptions(string address) => new() { Address = address, Prefix = sources.Program("Redis:Prefix")?.Text ?? new RedisOptions().Prefix };

    /// <exception cref="LaunchException">It does not answer, or refuses.</exception>
    public async Task<ConnectionMultiplexer> ConnectAsync(string address)
    {
        await OwnStores.CheckRedisAsync(address);
        return await ConnectionMultiplexer.ConnectAsync(RedisOptions(address).ToConfiguration(ClientName)).WaitAsync(ConnectDeadline);
    }

    private string Of(string setting, string name) => sources.Program(setting) is { } value ? Path.GetFullPath(value.Text) : Path.Combine(Data, name);
}
