namespace Delivery.Mta.Erasure;

/// <summary>What the Mta found of a person, and erased unless it was asked only to look.</summary>
/// <param name="Keys">In hex.</param>
/// <param name="Recipients">Recipients of jobs in the spool, and of those without an outcome how many were ended, or will be when their job comes to them.</param>
/// <param name="Rejections">Addresses in the lists of recipients that were not taken.</param>
/// <param name="Contents">Contents of jobs that were for nobody else.</param>
/// <param name="Suppressed">The person is suppressed by key, with the reason <c>erased</c>.</param>
/// <param name="Complete">Nothing of the person is left on this Mta's disk; false also where it was asked only to look.</param>
/// <param name="Pending">What it waits for.</param>
internal sealed record PersonErased(
    uint Account, IReadOnlyList<string> Keys, int Recipients, int Ended, int ToEnd, int Rejections, int Answers, int Contents, int Replies, bool Suppressed, bool Compacted,
    bool Complete, string? Pending);
