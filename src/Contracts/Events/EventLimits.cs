namespace Delivery.Contracts.Events;

/// <summary>Bounds of the event format, in bytes of UTF-8 unless said otherwise.</summary>
public static class EventLimits
{
    public const int WordBytes = 128;
    public const int MxBytes = 255;
    public const int ReplyBytes = 512;
    public const int UserAgentBytes = 512;
    public const int UrlBytes = 2_000;
    public const int UpstreamIdBytes = 255;
    public const int SubjectBytes = 998;
    public const int LinkTextBytes = 800;
    public const int MetadataBytes = 16 * 1024;

    /// <summary>HTML in one record of a job's mail.</summary>
    public const int MailPieceBytes = 32 * 1024;

    /// <summary>HTML of a job's mail in all its pieces.</summary>
    public const int MailBytes = 1024 * 1024;

    /// <summary>Longest record that a reader accepts.</summary>
    public const int RecordBytes = 64 * 1024;

    /// <summary>Longest entry that a reader accepts, and a writer should stay well under.</summary>
    public const int EntryBytes = 4 * 1024 * 1024;

    /// <summary>Earliest event time accepted: 2020-01-01 UTC, in milliseconds.</summary>
    public const long MinTimeMs = 1_577_836_800_000;

    /// <summary>Latest event time accepted: 2100-01-01 UTC, in milliseconds.</summary>
    public const long MaxTimeMs = 4_102_444_800_000;
}
