using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;

namespace Delivery.Aggregator.Audiences;

/// <summary>
/// Reads who is in an audience, a page at a time: each page is one statement whose answer is whole or an error, so memory is that of a page, and no
/// statement runs for as long as a client reads. Whether a person fits is decided once, in the statement of their page. Thread-safe.
/// </summary>
internal sealed class AudienceQuery(ClickHouseClient clickHouse)
{
    /// <summary>People of a page: some megabytes.</summary>
    private const int PagePeople = 50_000;

    private const string LinksSql = "SELECT DISTINCT position, link FROM links WHERE account = {account:UInt32} AND job = {job:UInt64} ORDER BY position";

    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<AudienceOutline?> OutlineAsync(AudienceSql sql, CancellationToken cancellation)
    {
        var rows = await clickHouse.RowsAsync(sql.Outline(PagePeople), AudienceJson.Default.AudienceOutline, cancellation, sql.Parameters).ConfigureAwait(false);
        return rows is [{ Known: 1 } outline] ? outline : null;
    }

    /// <inheritdoc cref="OutlineAsync"/>
    public async Task<AudienceSize> CountAsync(AudienceSql sql, CancellationToken cancellation) =>
        (await clickHouse.RowsAsync(sql.Count, AudienceJson.Default.AudienceSize, cancellation, sql.Parameters).ConfigureAwait(false))[0];

    /// <summary>The lines of a page, as they are sent.</summary>
    /// <inheritdoc cref="OutlineAsync"/>
    public Task<byte[]> PageAsync(AudienceSql sql, AudienceOutline outline, int page, AudienceFormat format, CancellationToken cancellation) =>
        clickHouse.QueryAsync(
            sql.Page(format, page == 0 ? 0 : outline.Starts[page], page + 1 < outline.Starts.Count ? outline.Starts[page + 1] : null), cancellation, sql.Parameters);

    /// <summary>
    /// Says which position or link the job's mail does not have; null where it has all of them. One that it does not have is a slip, and <c>not_clicked_position</c>
    /// of it would be everybody.
    /// </summary>
    /// <inheritdoc cref="OutlineAsync"/>
    public async Task<string?> UnknownLinkAsync(uint account, ulong job, Audience audience, CancellationToken cancellation)
    {
        if (audience.Conditions.All(condition => condition.Number == 0))
            return null;
        var links = await clickHouse.RowsAsync(
            LinksSql, AudienceJson.Default.AudienceLink, cancellation, ("account", JsonRows.Parameter(account)), ("job", JsonRows.Parameter(job))).ConfigureAwait(false);
        foreach (var (deed, number, wanted) in audience.Conditions)
        {
            var byLink = deed == AudienceDeed.ClickedLink;
            if (number == 0 || links.Exists(link => (byLink ? link.Link : link.Position) == number))
                continue;
            var name = $"{(wanted ? "" : "not_")}clicked_{(byLink ? "link" : "position")}";
            return links.Count == 0
                ? $"'{name}' is {number}, and the job's mail has no tracked link."
                : $"'{name}' is {number}, and the job's mail has the {(byLink ? "links" : "positions")} {string.Join(", ", links.Select(link => byLink ? link.Link : link.Position).Distinct().Order())}.";
        }

        return null;
    }
}
