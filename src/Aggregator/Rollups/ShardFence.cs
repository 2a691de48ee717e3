using System.Globalization;
using Delivery.Aggregator.ClickHouse;

namespace Delivery.Aggregator.Rollups;

/// <summary>
/// The right to write a shard's rows, kept where the rows are. Every insert of a shard's rows names its fence and is refused by
/// ClickHouse itself once a later fence was taken, however long it was on its way. One call at a time.
/// </summary>
/// <remarks>
/// A statement is among those under way before it looks for the fence; a new fence is written before its owner looks for statements
/// under way. So each statement of an earlier owner is either seen, and waited for, or sees the new fence.
/// </remarks>
internal sealed class ShardFence
{
    private const int GenerationBits = 24;
    private const ulong FencesKept = 1_000;
    private static readonly TimeSpan LongestStatement = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private ulong _generations;

    private ShardFence(int shard, ulong number) => (Shard, Number) = (shard, number);

    public int Shard { get; }

    /// <summary>Above that of every earlier owner of the shard, and held by no other.</summary>
    public ulong Number { get; }

    /// <summary>
    /// A condition for the WHERE of an INSERT … SELECT: true while this is the shard's last fence; otherwise the statement fails.
    /// Give such a statement a mark made by <see cref="Mark"/>.
    /// </summary>
    public string Condition => string.Create(
        CultureInfo.InvariantCulture,
        $"throwIf((toUInt16({Shard}), toUInt64({Number})) NOT IN (SELECT shard, max(number) FROM shard_fences WHERE shard = {Shard} GROUP BY shard), 'another owner has the shard') = 0");

    /// <summary>A token or mark by which a later owner finds a statement that is still under way.</summary>
    public string Mark(string text) => Mark(Shard, text);

    /// <summary>A number above 0 and above every one given out before, here or by an earlier owner of the shard.</summary>
    public ulong NextGeneration()
    {
        _generations++;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_generations, 1UL << GenerationBits);
        return (Number << GenerationBits) | _generations;
    }

    /// <summary>True where the generation is of an owner before this one: nobody can make it the current one any more.</summary>
    public bool IsPast(ulong generation) => generation >> GenerationBits < Number;

    /// <summary>
    /// Takes the next fence and waits until no statement of an earlier owner is under way. What they wrote is seen afterwards, and
    /// they write nothing more.
    /// </summary>
    /// <exception cref="ClickHouseException">ClickHouse failed, or one is under way for half a minute: try again later.</exception>
    public static async Task<ShardFence> TakeAsync(
        ClickHouseClient clickHouse, int shard, string owner, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var number = 1 + await NumberAsync(clickHouse, $"SELECT max(number) FROM shard_fences WHERE shard = {shard}", cancellation).ConfigureAwait(false);
            await clickHouse.InsertSelectAsync(
                "INSERT INTO shard_fences (shard, number, owner) SELECT {shard:UInt16}, {number:UInt64}, {owner:String}",
                "fence", cancellation, ("shard", Text(shard)), ("number", Text(number)), ("owner", owner)).ConfigureAwait(false);

            // Of two that took the same number at once the later one sees both, and goes on.
            if (await NumberAsync(clickHouse, $"SELECT count() FROM shard_fences WHERE shard = {shard} AND number = {number}", cancellation).ConfigureAwait(false) != 1)
                continue;
            if (number % FencesKept == 0)
                await clickHouse.ExecuteAsync($"ALTER TABLE shard_fences DELETE WHERE shard = {shard} AND number < {number - (FencesKept / 2)}", cancellation).ConfigureAwait(false);
            await SettleAsync(clickHouse, shard, time, cancellation).ConfigureAwait(false);
            return new ShardFence(shard, number);
        }
    }

    /// <summary>ClickHouse finishes an insert whose client is gone: until it has, events may be there and their roll-ups not yet.</summary>
    private static async Task SettleAsync(ClickHouseClient clickHouse, int shard, TimeProvider time, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < LongestStatement;)
        {
            var running = await NumberAsync(
                clickHouse,
                "SELECT count() FROM system.processes WHERE current_database = currentDatabase() AND startsWith(Settings['insert_deduplication_token'], {mark:String})",
                cancellation,
                ("mark", Mark(shard, ""))).ConfigureAwait(false);
            if (running == 0)
                return;
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }

        throw new ClickHouseException(0, "A statement of an earlier owner of the shard is still under way.");
    }

    private static async Task<ulong> NumberAsync(ClickHouseClient clickHouse, string sql, CancellationToken cancellation, params (string, string)[] parameters) =>
        new TabSeparated(await clickHouse.QueryAsync(sql + " FORMAT TSV", cancellation, parameters).ConfigureAwait(false)).UInt64();

    private static string Mark(int shard, string text) => string.Create(CultureInfo.InvariantCulture, $"{shard}:{text}");

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
