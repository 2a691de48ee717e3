namespace Delivery.Cli.Demo;

/// <summary>What <c>demo</c> was asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>What one call of the job API takes.</summary>
    public const int MaxRecipients = 10_000;

    public int Recipients { get; init; } = 200;

    /// <summary>Where the result goes as JSON, or null.</summary>
    public string? Json { get; init; }

    /// <summary>Folder for the captured messages, or null.</summary>
    public string? Messages { get; init; }

    /// <summary>Stay up after the report, until Ctrl-C.</summary>
    public bool Keep { get; init; }

    /// <summary>Null takes six free ports.</summary>
    public int? PortBase { get; init; }
}
