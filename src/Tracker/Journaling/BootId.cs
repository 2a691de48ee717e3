namespace Delivery.Tracker.Journaling;

/// <summary>
/// Tells one run of the machine from the next: what was written without an fsync outlives every process, but not the machine.
/// </summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>Random where the system does not tell, which is as if the machine had started anew.</summary>
    public static Guid Current { get; } = Read();

    private static Guid Read()
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(Source).Trim(), out var id) ? id : Guid.NewGuid();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Guid.NewGuid();
        }
    }
}
