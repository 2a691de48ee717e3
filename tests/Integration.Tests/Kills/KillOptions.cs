using System.Globalization;

namespace Delivery.Integration.Tests.Kills;

/// <summary>How long and how hard the kill tests work; from the environment, for more rounds by hand.</summary>
internal static class KillOptions
{
    /// <summary><c>DELIVERY_KILL_ROUNDS</c>: rounds of each test.</summary>
    public static int Rounds { get; } = Number("DELIVERY_KILL_ROUNDS", 1);

    /// <summary><c>DELIVERY_KILL_SECONDS</c>: no further round of a test begins later than this after its beginning.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromSeconds(Number("DELIVERY_KILL_SECONDS", 180));

    /// <summary><c>DELIVERY_KILL_RECIPIENTS</c>: recipients of a round's job.</summary>
    public static int Recipients { get; } = Number("DELIVERY_KILL_RECIPIENTS", 20_000);

    /// <summary><c>DELIVERY_KILL_SEED</c>: repeats the kills of an earlier run, as far as the moments are the program's.</summary>
    public static int Seed { get; } = Number("DELIVERY_KILL_SEED", Random.Shared.Next(1, 1_000_000));

    /// <summary><c>DELIVERY_KILL_FOLDER</c>: where the folders of the runs are made; they then stay, whatever the result.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("DELIVERY_KILL_FOLDER");

    private static int Number(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
