namespace Delivery.Mta.Messages;

/// <summary>How the messages of a job are made.</summary>
internal sealed record ComposeOptions
{
    public bool OpenTracking { get; init; } = true;

    public bool ClickTracking { get; init; } = true;

    /// <summary>Whether the HTML holds a link that no person can see.</summary>
    public bool ScannerLink { get; init; }

    /// <summary>Whether List-Unsubscribe and List-Unsubscribe-Post (RFC 8058) are added.</summary>
    public bool ListUnsubscribe { get; init; } = true;

    /// <summary>Added to the destinations of links, tracked or not.</summary>
    public UtmParameters? Utm { get; init; }

    /// <summary>Where readers reach the tracker: http or https, without query. The paths /o/, /c/ and /u/ are below it.</summary>
    public required Uri TrackerBaseUrl { get; init; }
}
