using System.Globalization;
using System.Net;
using System.Text.Json;
using Delivery.Mta.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>
/// Asks the Aggregator who is in an audience, with the key of who asks for the job: nobody gets to mail people whom their own key could not look up.
/// An answer counts only when it came whole. Thread-safe.
/// </summary>
internal sealed class AudienceClient(IOptions<MtaOptions> options, ILogger<AudienceClient> log) : IDisposable
{
    private const int MaxProblemBytes = 16 * 1024;

    /// <summary>Longest silence: a page of a large audience may wait for ClickHouse as long as that takes to give up.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Where the reports are; null where nobody said.</summary>
    public string? Url => string.IsNullOrEmpty(options.Value.ReportsUrl) ? null : options.Value.ReportsUrl.TrimEnd('/');

    /// <param name="authorization">The header of the request that wants the job.</param>
    /// <param name="recipients">How many the earlier job has.</param>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<AudienceAnswer> ReadAsync(AudienceRequest audience, string authorization, long recipients, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        var conditions = audience.Query.Length == 0 ? "" : "&" + audience.Query;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}/v1/jobs/{JobIds.Format(audience.Job)}/audience?end=true&format=ndjson{conditions}");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
                return AudienceAnswer.Of(Refusal(response.StatusCode, await DetailAsync(body, silence.Token).ConfigureAwait(false)));
            var people = new AudienceSet(recipients);
            var whole = await new AudienceLines(people).ReadAsync(body, () => silence.CancelAfter(Silence), silence.Token).ConfigureAwait(false);
            return whole ? new AudienceAnswer(people, FreshAsOf(response), null) : Away("the answer was cut off, or is none of an Aggregator");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Away(e is OperationCanceledException ? $"nothing came for {Silence.TotalSeconds} s" : e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private AudienceAnswer Away(string why)
    {
        Log.AudienceFailed(log, Url!, why);
        return AudienceAnswer.Of(FollowUpProblems.ReportsAway());
    }

    private IntakeFailure Refusal(HttpStatusCode status, string detail)
    {
        switch (status)
        {
            case HttpStatusCode.BadRequest:
                return FollowUpProblems.Invalid(detail);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return FollowUpProblems.NotAllowed(detail);
            case HttpStatusCode.NotFound:
                return FollowUpProblems.NotCounted();
            default:
                Log.AudienceFailed(log, Url!, string.Create(CultureInfo.InvariantCulture, $"status {(int)status}"));
                return FollowUpProblems.ReportsAway();
        }
    }

    private static DateTimeOffset? FreshAsOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Fresh-As-Of", out var values)
        && DateTimeOffset.TryParse(string.Concat(values), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static async Task<string> DetailAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[MaxProblemBytes];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        try
        {
            using var problem = JsonDocument.Parse(bytes.AsMemory(0, read));
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String
                ? detail.GetString()!
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
