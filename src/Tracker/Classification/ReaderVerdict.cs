using Delivery.Contracts.Events;

namespace Delivery.Tracker.Classification;

/// <param name="Reason">The rule that decided, a word for reports; null where no rule spoke and the reader counts as a person.</param>
internal readonly record struct ReaderVerdict(ReaderClass Class, string? Reason);
