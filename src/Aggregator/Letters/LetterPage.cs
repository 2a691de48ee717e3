namespace Delivery.Aggregator.Letters;

/// <param name="Next">To be given as <c>after</c> for more; null at the end.</param>
internal sealed record LetterPage(IReadOnlyList<Letter> Letters, string? Next);
