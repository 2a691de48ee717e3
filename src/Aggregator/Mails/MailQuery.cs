using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Reports;

namespace Delivery.Aggregator.Mails;

/// <summary>Puts a job's mail together of its pieces. Thread-safe.</summary>
internal sealed class MailQuery(ClickHouseClient clickHouse)
{
    private const string NeverMade =
        "There is no mail to show: none is kept for a transactional job, for a job to one person, for one that was taken before mails were kept, or when its people were erased.";

    private const string NotAllThere = "Not all pieces of the mail have arrived yet. Try again soon.";

    private const string JobSql =
        """
        SELECT count() AS job_rows, (SELECT count() FROM events_by_job WHERE account = {account:UInt32} AND job = {job:UInt64}) AS event_rows, max(subject) AS job_subject
        FROM jobs FINAL WHERE account = {account:UInt32} AND job = {job:UInt64}
        """;

    private const string PiecesSql =
        "SELECT piece, pieces, truncated, language, direction, html FROM mails FINAL WHERE account = {account:UInt32} AND job = {job:UInt64} ORDER BY piece";

    /// <summary>Null where the account has no such job.</summary>
    /// <exception cref="ClickHouseException">ClickHouse is away or failed.</exception>
    public async Task<MailAnswer?> FindAsync(uint account, ulong job, CancellationToken cancellation)
    {
        var pieces = await RowsAsync(PiecesSql, account, job, MailJson.Default.MailPiece, cancellation).ConfigureAwait(false);
        if (await RowsAsync(JobSql, account, job, MailJson.Default.MailJob, cancellation).ConfigureAwait(false) is not [var about] || (about.JobRows + about.EventRows == 0 && pieces.Count == 0))
            return null;
        var answer = new MailAnswer(job.ToString(CultureInfo.InvariantCulture), about.JobSubject, null, null, null, false, NeverMade);
        if (pieces is not [var first, ..] || pieces.TrueForAll(piece => piece.Html.Length == 0))
            return answer;
        return pieces.Count < first.Pieces
            ? answer with { Reason = NotAllThere }
            : answer with
            {
                Html = Join(pieces),
                Language = first.Language.Length == 0 ? null : first.Language,
                Direction = first.Direction,
                Truncated = first.Truncated,
                Reason = null,
            };
    }

    private static string Join(List<MailPiece> pieces)
    {
        var html = new StringBuilder();
        foreach (var piece in pieces)
            html.Append(piece.Html);
        return html.ToString();
    }

    private Task<List<T>> RowsAsync<T>(string sql, uint account, ulong job, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        clickHouse.RowsAsync(sql, type, cancellation, ("account", JsonRows.Parameter(account)), ("job", JsonRows.Parameter(job)));
}
