using System.Globalization;

namespace Delivery.Aggregator.Tests.Oracle;

/// <summary>How much the oracle test counts; from the environment, for more by hand. See docs/operations.md.</summary>
internal static class OracleOptions
{
    private const int Usual = 200_000;
    private const int EventsPerJob = 80_000;

    /// <summary><c>DELIVERY_ORACLE_EVENTS</c>: events that are made.</summary>
    public static int Events { get; } = Number("DELIVERY_ORACLE_EVENTS", Usual);

    /// <summary><c>DELIVERY_ORACLE_SEED</c>: what all events and all faults follow from.</summary>
    public static int Seed { get; } = Number("DELIVERY_ORACLE_SEED", Random.Shared.Next(1, 1_000_000));

    /// <summary><c>DELIVERY_ORACLE_FOLDER</c>: where ledger and expectations are written; they then stay.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("DELIVERY_ORACLE_FOLDER");

    public static int Jobs { get; } = Math.Clamp(Events / EventsPerJob, 12, 60);

    /// <summary>So small that there are many batches, and large enough that a run ends.</summary>
    public static int BatchRows { get; } = Math.Max(2_000, Events / 500);

    /// <summary>For everything that is waited for: grows with the events, and says nothing of how fast it should be.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4 + (Events / 50_000));

    private static int Number(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
