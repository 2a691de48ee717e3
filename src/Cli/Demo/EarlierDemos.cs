using System.Text.RegularExpressions;
using Delivery.Cli.Up;

namespace Delivery.Cli.Demo;

/// <summary>
/// The data folders of demos. One that ended removes its own, or leaves its logs where it failed; one that was killed
/// could do neither, and the next demo removes it. A folder of <c>demo --keep</c> has a name of its own and stays.
/// </summary>
internal static partial class EarlierDemos
{
    /// <summary>Programs that were starting when their launcher was killed may still make files for a while.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>The folder of a demo that starts now.</summary>
    public static string NameNow(DateTimeOffset now, int process, bool keep) =>
        FormattableString.Invariant($"demo-{(keep ? "keep-" : "")}{now:yyyyMMdd-HHmmss}-{process}");

    /// <summary>Removes what demos that began a minute ago or earlier, and were killed, left in <paramref name="parent"/>. What cannot be removed stays.</summary>
    public static void RemoveKilled(string parent, DateTimeOffset now)
    {
        if (!Directory.Exists(parent))
            return;
        foreach (var folder in Directory.EnumerateDirectories(parent, "demo-*").Where(folder => OwnName().IsMatch(Path.GetFileName(folder))))
        {
            try
            {
                if (now - File.GetLastWriteTimeUtc(Path.Combine(folder, "pid")) < Settled)
                    continue;
                using var hold = DataFolder.TakeAbandoned(folder);
                if (hold is not null)
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or something still writes there; a later demo tries again.
            }
        }
    }

    [GeneratedRegex("^demo-[0-9]{8}-[0-9]{6}-[0-9]+$")]
    private static partial Regex OwnName();
}
