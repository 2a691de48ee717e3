using Delivery.Mta.Spool;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>Lines that go to disk in one commit.</summary>
internal sealed class UploadChunk
{
    private const int MaxRecipients = 2_000;
    private const int MaxLines = 20_000;

    /// <summary>One more line may come on top.</summary>
    private const int MaxBytes = 4 << 20;

    public List<SpooledRecipient> Recipients { get; } = new(MaxRecipients);

    public List<Rejection> Rejections { get; } = [];

    /// <summary>Those counted only are among them.</summary>
    public int Rejected { get; set; }

    public long Lines { get; set; }

    public long Bytes { get; set; }

    public bool IsFull => Recipients.Count >= MaxRecipients || Rejections.Count >= MaxRecipients || Lines >= MaxLines || Bytes >= MaxBytes;
}
