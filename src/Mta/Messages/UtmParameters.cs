namespace Delivery.Mta.Messages;

/// <summary>What is added to the destinations of a job's links for web analytics. Null or empty fields are not added.</summary>
internal sealed record UtmParameters
{
    public string? Source { get; init; }

    public string? Medium { get; init; }

    public string? Campaign { get; init; }

    public string? Term { get; init; }

    public string? Content { get; init; }
}
