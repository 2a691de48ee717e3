namespace Delivery.Aggregator.Reports;

/// <summary>How an answer is written.</summary>
internal enum ReportFormat
{
    /// <summary>One document, with all that there is to say.</summary>
    Json,

    /// <summary>Its rows alone, as RFC 4180 with a header.</summary>
    Csv,

    /// <summary>Its rows alone, a JSON object a line.</summary>
    Ndjson,
}
