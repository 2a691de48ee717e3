using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports;

/// <summary>Lets a call in by its key, and turns a ClickHouse that is away into 503. Thread-safe.</summary>
internal sealed class ReportAccess(ApiKeyTable keys, SchemaState schema, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger("Delivery.Aggregator.Reports");

    /// <summary>Answers 401, 403 or 503, or what <paramref name="answer"/> gives for the caller. Answers are for no cache.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, Right right, Func<Caller, Task<IResult>> answer)
    {
        if (!TryAdmit(http, right, out var caller, out var refusal))
            return refusal;
        if (!schema.IsReady)
            return ReportProblems.Unavailable(http);
        try
        {
            return await answer(caller).ConfigureAwait(false);
        }
        catch (ClickHouseException e)
        {
            Log.ReportFailed(_log, e.Message);
            return ReportProblems.Unavailable(http);
        }
    }

    /// <summary>As <see cref="AnswerAsync"/>, of one job; 404 where <paramref name="id"/> is no number.</summary>
    public Task<IResult> AnswerJobAsync(HttpContext http, Right right, string id, Func<Caller, ulong, Task<IResult>> answer) =>
        AnswerAsync(http, right, caller => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? answer(caller, job)
            : Task.FromResult<IResult>(ReportProblems.NoSuchJob(id)));

    /// <summary>False with the answer for a key that nobody has (401) or that lacks the right (403).</summary>
    public bool TryAdmit(HttpContext http, Right right, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out IResult? refusal)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept, Authorization";
        caller = null;
        refusal = null;
        if (!keys.TryAuthenticate(http.Request.Headers.Authorization.ToString(), out var account, out var rights))
            refusal = ReportProblems.Unauthorized(http);
        else if (!rights.HasFlag(right))
            refusal = ReportProblems.Forbidden(right);
        else
            caller = new Caller(account, rights, keys.Find(account));
        return caller is not null;
    }
}
