using System.Globalization;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Aggregator.Watch;

/// <summary>
/// Looks at all shards, whoever owns them, and at Redis' memory; says once in the log when something nears its bound, and once when it
/// is over. It only looks: nothing is trimmed, and nobody is stopped, by what it sees.
/// </summary>
internal sealed class StreamWatch : BackgroundService
{
    private const string NoEviction = "noeviction";
    private readonly AggregatorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamWatch> _log;
    private readonly StreamLook _look;
    private readonly BoundAlarm _memory;
    private readonly BoundAlarm _letters;
    private bool _isLate;
    private bool _saidBound;
    private volatile StreamsReading? _last;

    public StreamWatch(
        IConnectionMultiplexer redis, IOptions<RedisOptions> redisOptions, IOptions<AggregatorOptions> options, TimeProvider time, ILogger<StreamWatch> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        _look = new StreamLook(redis.GetDatabase(), redisOptions.Value, _options.RedisTimeout, time);
        _memory = new BoundAlarm(_options.Watch);
        _letters = new BoundAlarm(_options.Watch);
    }

    /// <summary>What the last look saw; null until one succeeded. Thread-safe.</summary>
    public StreamsReading? Last => _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or TaskCanceledException or ObjectDisposedException)
            {
                Log.NotWatched(_log, e.Message);
            }

            await Task.Delay(_options.Watch.Interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync()
    {
        var shards = await _look.ShardsAsync().ConfigureAwait(false);
        var redis = await _look.RedisAsync().ConfigureAwait(false);
        var alarms = new List<string>();
        Memory(redis, alarms);
        Letters(shards, alarms);
        Age(shards, alarms);
        _last = new StreamsReading(_time.GetUtcNow(), redis, shards, alarms);
    }

    private void Memory(RedisReading redis, List<string> alarms)
    {
        var moves = _memory.Moves(redis.UsedPercent ?? 0);
        if (_memory.Level != AlarmLevel.None)
        {
            var left = redis.SecondsToBound is { } seconds
                ? $"full in {TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)).ToString("d'd 'h'h 'm'm 's's'", CultureInfo.InvariantCulture)} at this growth"
                : "not growing now";
            alarms.Add(string.Create(CultureInfo.InvariantCulture, $"Redis holds {redis.UsedPercent} % of its memory, {left}"));
        }

        if (moves)
            Say(_memory.Level, _memory.Level == AlarmLevel.None ? "Redis has room again" : alarms[^1] + "; beyond it trackers and Mtas keep their events themselves");
        var fault = redis.MaxBytes == 0 ? "Redis has no maxmemory: nobody can say when it is full; give it one"
            : redis.Policy != NoEviction ? $"Redis throws keys away where it is full (maxmemory-policy {redis.Policy}): events would be lost; set {NoEviction}"
            : null;
        if (fault is not null)
            alarms.Add(fault);
        if (fault is not null && !_saidBound)
            Say(redis.MaxBytes == 0 ? AlarmLevel.Warning : AlarmLevel.Critical, fault);
        _saidBound = fault is not null;
    }

    private void Letters(IReadOnlyList<ShardReading> shards, List<string> alarms)
    {
        var most = shards.MaxBy(shard => shard.DeadLetters)!;
        var moves = _letters.Moves(100.0 * most.DeadLetters / _options.DeadLettersKept);
        if (_letters.Level != AlarmLevel.None)
            alarms.Add(string.Create(CultureInfo.InvariantCulture, $"shard {most.Shard} keeps {most.DeadLetters} of at most {_options.DeadLettersKept} dead letters"));
        if (moves)
            Say(_letters.Level, _letters.Level == AlarmLevel.None ? "There is room for dead letters again" : alarms[^1] + "; the oldest are thrown away then: replay or drop them");
    }

    private void Age(IReadOnlyList<ShardReading> shards, List<string> alarms)
    {
        var oldest = shards.MaxBy(shard => shard.OldestSeconds)!;
        var isLate = oldest.OldestSeconds > _options.Watch.MaxAge.TotalSeconds;
        if (isLate)
            alarms.Add(string.Create(CultureInfo.InvariantCulture, $"the oldest of {oldest.Entries} entries of shard {oldest.Shard} waits for {oldest.OldestSeconds:0} s"));
        if (isLate != _isLate)
            Say(isLate ? AlarmLevel.Warning : AlarmLevel.None, isLate ? "Reports are late: " + alarms[^1] : "Reports are up to date again");
        _isLate = isLate;
    }

    private void Say(AlarmLevel level, string what)
    {
        if (level == AlarmLevel.Critical)
            Log.StreamsCritical(_log, what);
        else if (level == AlarmLevel.None)
            Log.StreamsWell(_log, what);
        else
            Log.StreamsGrow(_log, what);
    }
}
