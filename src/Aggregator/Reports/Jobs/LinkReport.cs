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
    ulong UniqueMachineClicks)
{
    /// <summary>The links of the template and those that were clicked, by position: a click can be known before its template is.</summary>
    public static List<LinkReport> Of(IEnumerable<LinkRow> template, IReadOnlyCollection<LinkClicks> clicked)
    {
        var links = template.ToDictionary(link => link.Position);
        var clicks = clicked.ToDictionary(link => link.Position);
        var all = clicked.Sum(link => (double)link.Clicks);
        return [.. links.Keys.Union(clicks.Keys).Order().Select(position =>
        {
            var (link, count) = (links.GetValueOrDefault(position), clicks.GetValueOrDefault(position) ?? new LinkClicks(position, 0, 0, 0, 0, 0));
            return new LinkReport(
                position, link is { Link: > 0 } ? link.Link : count.Link, link?.Part ?? "", link?.Url ?? "", link?.Text ?? "",
                count.Clicks, count.UniqueClicks, all == 0 ? null : count.Clicks / all, count.MachineClicks, count.UniqueMachineClicks);
        })];
    }
}
