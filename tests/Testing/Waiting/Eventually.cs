using System.Diagnostics;

namespace Delivery.Testing;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once the condition holds. Exceptions that the condition throws count as "not yet".</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="deadline"/> (default 30 s); carries the last exception.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? TimeSpan.FromSeconds(30);
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        do
        {
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                last = e;
            }

            await Task.Delay(Pause);
        }
        while (watch.Elapsed < limit);
        throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}.", last);
    }

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, deadline);
}
