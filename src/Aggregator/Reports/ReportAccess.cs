using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.RateLimiting;
using Delivery.Aggregator.ClickHouse;
using Delivery.Aggregator.Telemetry;
using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports;

/// <summary>
/// Lets a call in by its key, and turns a ClickHouse that is away into 503. A few calls of an account are answered at one time and more wait, so that
/// no account's questions keep the others from theirs. Thread-safe.
/// </summary>
internal sealed class ReportAccess(ApiKeyTable keys, SchemaState schema, ILoggerFactory logs) : IDisposable
{
    /// <summary>A page asks some ten questions at once.</summary>
    private const int AtOnce = 4;
    private const int Waiting = 60;

    private readonly PartitionedRateLimiter<uint> _places = PartitionedRateLimiter.Create<uint, uint>(account => RateLimitPartition.GetConcurrencyLimiter(
        account, _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    private readonly ILogger _log = logs.CreateLogger("Delivery.Aggregator.Reports");

    public void Dispose() => _places.Dispose();

    /// <summary>Answers 401, 403, 429 or 503, or what <paramref name="answer"/> gives for the caller. Answers are for no cache.</summary>
    /// <param name="lasting">An answer that lasts for as long as its reader likes takes no place from others.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, Right right, Func<Caller, Task<IResult>> answer, bool lasting = false)
    {
        if (!TryAdmit(http, right, out var caller, out var refusal))
            return refusal;
        if (!schema.IsReady)
            return ReportProblems.Unavailable(http);
        try
        {
            using var place = lasting ? null : await _places.AcquireAsync(caller.Id, 1, http.RequestAborted).ConfigureAwait(false);
            if (place is { IsAcquired: false })
                return ReportProblems.Busy(http, AtOnce + Waiting);
            return await answer(caller).ConfigureAwait(false);
        }
        catch (ClickHouseException e)
        {
            Log.ReportFailed(_log, e.Message);
            return ReportProblems.Unavailable(http);
        }
    }

    /// <summary>As <see cref="AnswerAsync"/>, of one job; 404 where <paramref name="id"/> is no number, or not as ids are written.</summary>
    public Task<IResult> AnswerJobAsync(HttpContext http, Right right, string id, Func<Caller, ulong, Task<IResult>> answer, bool lasting = false) =>
        AnswerAsync(http, right, caller => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var job) && (id[0] != '0' || id.Length == 1)
            ? answer(caller, job)
            : Task.FromResult<IResult>(ReportProblems.NoSuchJob(id)), lasting);

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
