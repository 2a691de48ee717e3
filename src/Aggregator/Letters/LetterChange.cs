namespace Delivery.Aggregator.Letters;

/// <param name="Changed">Letters that were taken.</param>
/// <param name="Next">To be given as <c>after</c> for the rest; null at the end.</param>
/// <param name="Until">To be given along with it: letters that come back unreadable meanwhile are not taken again.</param>
internal sealed record LetterChange(int Changed, string? Next, string? Until);
