using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <param name="Reason">The rule that decided, a word for reports; null where no rule spoke and the reader counts as a person.</param>
public readonly record struct ReaderVerdict(ReaderClass Class, string? Reason)
{
    /// <summary>No rule spoke.</summary>
    public static ReaderVerdict Person => default;

    /// <summary>A person, because no rule spoke.</summary>
    public bool IsSilent => Class == ReaderClass.Human && Reason is null;
}
