using System.Collections.Concurrent;
using System.Globalization;
using Delivery.Contracts;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions;

/// <summary>
/// This node's copy of the suppressions. Follows the log of changes several times a second, so that an unsubscribe holds within one;
/// after any fault it loads everything anew. Look-ups are thread-safe and touch no network.
/// </summary>
internal sealed class SuppressionMirror(
    IDatabaseAsync redis, IOptions<RedisOptions> redisOptions, IOptions<MtaOptions> options, TimeProvider time, ILogger<SuppressionMirror> log)
    : BackgroundService
{
    private const int ScanPage = 5_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly SuppressionKeys _keys = new(redisOptions.Value);
    private ConcurrentDictionary<(uint Account, RecipientKey Key), byte> _suppressed = new();
    private long _confirmedMs = long.MinValue;
    private bool _failing;

    /// <summary>The copy was confirmed recently enough to send by it.</summary>
    public bool IsFresh =>
        time.GetUtcNow().ToUnixTimeMilliseconds() - Volatile.Read(ref _confirmedMs) is >= 0 and var age && age <= options.Value.SuppressionMaxAge.TotalMilliseconds;

    /// <summary>Since the copy was confirmed; null where it never was.</summary>
    public TimeSpan? Age => Volatile.Read(ref _confirmedMs) is > 0 and var confirmed
        ? TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - confirmed)) : null;

    public int Count => _suppressed.Count;

    public bool Contains(uint account, RecipientKey key) => Volatile.Read(ref _suppressed).ContainsKey((account, key));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? last = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                last = last is null ? await LoadAsync().ConfigureAwait(false) : await FollowAsync(last).ConfigureAwait(false);
                Recovered();
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or FormatException)
            {
                last = null;
                Failed(e);
                await Task.Delay(FaultPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Loads all; returns the log's last id from before, so that nothing between is missed.</summary>
    private async Task<string> LoadAsync()
    {
        var started = time.GetUtcNow().ToUnixTimeMilliseconds();
        var newest = Entries(await CallAsync("XREVRANGE", _keys.Log, "+", "-", "COUNT", 1).ConfigureAwait(false));
        var last = newest.Length == 0 ? "0-0" : (string)((RedisResult[])newest[0]!)[0]!;
        var loaded = new ConcurrentDictionary<(uint, RecipientKey), byte>();
        foreach (var member in Entries(await CallAsync("SMEMBERS", _keys.Accounts).ConfigureAwait(false)))
        {
            var account = uint.Parse((string)member!, CultureInfo.InvariantCulture);
            var cursor = "0";
            do
            {
                var page = Entries(await CallAsync("HSCAN", _keys.Of(account), cursor, "COUNT", ScanPage).ConfigureAwait(false));
                cursor = (string)page[0]!;
                var pairs = Entries(page[1]);
                for (var i = 0; i + 1 < pairs.Length; i += 2)
                {
                    if (RecipientKey.TryParse((string)pairs[i]!, out var key))
                        loaded[(account, key)] = 0;
                }
            }
            while (cursor != "0");
        }

        Volatile.Write(ref _suppressed, loaded);
        Volatile.Write(ref _confirmedMs, started);
        return last;
    }

    private async Task<string> FollowAsync(string last)
    {
        while (true)
        {
            var asked = time.GetUtcNow().ToUnixTimeMilliseconds();
            var entries = Entries(await CallAsync("XRANGE", _keys.Log, "(" + last, "+", "COUNT", ScanPage).ConfigureAwait(false));
            foreach (var entry in entries)
            {
                var parts = Entries(entry);
                Apply(Entries(parts[1]));
                last = (string)parts[0]!;
            }

            Volatile.Write(ref _confirmedMs, asked);
            if (entries.Length < ScanPage)
                return last;
        }
    }

    /// <summary>Fields in the order that the script writes them: a, account, k, key, o, operation.</summary>
    private void Apply(RedisResult[] fields)
    {
        if (fields.Length < 6
            || !uint.TryParse((string?)fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var account)
            || !RecipientKey.TryParse((string?)fields[3], out var key))
            return;
        if ((string?)fields[5] == "remove")
            _suppressed.TryRemove((account, key), out _);
        else
            _suppressed[(account, key)] = 0;
    }

    private Task<RedisResult> CallAsync(string command, params object[] arguments) =>
        redis.ExecuteAsync(command, arguments).WaitAsync(Deadline);

    private static RedisResult[] Entries(RedisResult result) => result.IsNull ? [] : (RedisResult[])result!;

    private void Failed(Exception e)
    {
        if (_failing)
            return;
        _failing = true;
        Log.MirrorFails(log, e.GetType().Name, e.Message);
    }

    private void Recovered()
    {
        if (!_failing)
            return;
        _failing = false;
        Log.MirrorGoesOn(log, Count);
    }
}
