namespace Delivery.Contracts.Readers;

/// <summary>Reasons of a class that are not those of a user agent or a network: written into events, never changed.</summary>
public static class ReaderReasons
{
    /// <summary>The link that no person can see was followed.</summary>
    public const string ScannerLink = "scanner_link";

    public const string HeadRequest = "head_request";

    public const string PrefetchHeader = "prefetch_header";

    /// <summary>Sooner after the sending than a person can be.</summary>
    public const string TooSoon = "too_soon";

    /// <summary>In hindsight: one of many links of the mail followed within moments.</summary>
    public const string LinkBurst = "link_burst";

    /// <summary>In hindsight: followed before the mail could be read.</summary>
    public const string BeforeReading = "before_reading";

    /// <summary>In hindsight: beside a click on the link that no person can see, from the same address or user agent.</summary>
    public const string NearScannerLink = "near_scanner_link";

    /// <summary>In hindsight: an opening by the one who followed the links in a burst.</summary>
    public const string BurstOpen = "burst_open";

    /// <summary>True for what the first sight decided by the request itself, which an event does not keep.</summary>
    public static bool IsOfRequest(string reason) => reason is ScannerLink or HeadRequest or PrefetchHeader or TooSoon;

    /// <summary>True for what several events together decided.</summary>
    public static bool IsHindsight(string reason) => reason is LinkBurst or BeforeReading or NearScannerLink or BurstOpen;
}
