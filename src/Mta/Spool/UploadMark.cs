namespace Delivery.Mta.Spool;

/// <summary>How much of its recipients an open job has taken: lines, and what became of them.</summary>
internal readonly record struct UploadMark(long Lines, long Accepted, long Rejected)
{
    public long NextLine => Lines + 1;
}
