namespace Delivery.Aggregator.Reports.Jobs;

/// <summary>One link of the mail, clicked or not.</summary>
/// <param name="Position">Ordinal in the template, from 1.</param>
/// <param name="Link">Ordinal of its distinct URL, from 1.</param>
/// <param name="Part"><c>html</c> or <c>text</c>.</param>
/// <param name="Url">As written in the template.</param>
/// <param name="Share">Of all clicks of the job, from 0 to 1; null where there are none.</param>
internal sealed record LinkReport(
    ushort Position,
    ushort Link,
    string Part,
    string Url,
    string Text,
    ulong Clicks,
    ulong UniqueClicks,
    double? Share,
    ulong MachineClicks,
    ulong UniqueMachineClicks);
