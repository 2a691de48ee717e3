namespace Delivery.Aggregator.Audiences;

/// <summary>How the people of an audience are written, one a line.</summary>
internal enum AudienceFormat
{
    /// <summary>An object with the ordinal and the upstream app's id.</summary>
    Ndjson,

    /// <summary>RFC 4180 with a header.</summary>
    Csv,

    /// <summary>The upstream app's id alone; those without one are left out.</summary>
    Text,
}
