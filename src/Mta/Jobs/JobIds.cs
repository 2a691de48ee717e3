using System.Globalization;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs;

/// <summary>
/// Hands out job ids: 41 bits of milliseconds since 2024, 10 of the node, 12 of a sequence. They rise, fit a signed 64-bit integer,
/// and are written as decimal strings in JSON, as analysts find them in ClickHouse. Thread-safe.
/// </summary>
internal sealed class JobIds(IOptions<MtaOptions> options, TimeProvider time)
{
    private const long EpochMs = 1_704_067_200_000;
    private readonly ulong _node = (ulong)options.Value.Node;
    private readonly Lock _lock = new();
    private ulong _last;

    public ulong Next()
    {
        lock (_lock)
        {
            var tick = (ulong)(time.GetUtcNow().ToUnixTimeMilliseconds() - EpochMs) << 12;
            _last = Math.Max(_last + 1, tick);
            return _last >> 12 << 22 | _node << 12 | _last & 0xFFF;
        }
    }

    public static string Format(ulong id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>False for anything but the canonical decimal form of a 63-bit number.</summary>
    public static bool TryParse(string text, out ulong id) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= long.MaxValue && (text[0] != '0' || text.Length == 1);
}
