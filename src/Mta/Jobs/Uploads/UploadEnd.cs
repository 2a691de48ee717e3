namespace Delivery.Mta.Jobs.Uploads;

/// <summary>Why an upload ended. What was committed until then stands in every case.</summary>
internal enum UploadEnd
{
    /// <summary>The whole body was taken.</summary>
    Whole,

    /// <summary>The header of a CSV does not fit.</summary>
    BadHeader,

    /// <summary>A row of a CSV opens a quote that does not end. It and all behind it were not taken.</summary>
    OpenQuote,

    /// <summary>The connection broke, or the body is not what its headers say.</summary>
    Broken,

    /// <summary>The program stops.</summary>
    Stopping,

    /// <summary>Too many recipients wait for delivery.</summary>
    SpoolFull,

    DiskFull,

    /// <summary>The account has had as many recipients taken today as it may.</summary>
    CapReached,

    /// <summary>The job was started meanwhile.</summary>
    Closed,
}
