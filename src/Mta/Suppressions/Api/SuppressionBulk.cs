using Delivery.Contracts.Access;
using Delivery.Contracts.Streams;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>An account's suppressions all together: <c>POST /v1/suppressions/import</c> and <c>GET /v1/suppressions</c>.</summary>
internal static class SuppressionBulk
{
    public static void MapBulk(this RouteGroupBuilder suppressions)
    {
        suppressions.MapPost("import", ImportAsync)
            .WithName("ImportSuppressions")
            .WithSummary("Adds suppressions of any number")
            .WithDescription("The body is application/x-ndjson (one suppression a line) or text/csv (with a header row), in UTF-8; Content-Encoding gzip is taken. "
                + "The query's reason and list hold for lines that have none of their own. A bad line is rejected alone.")
            .Produces<ImportAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        suppressions.MapGet("", ExportAsync)
            .WithName("ExportSuppressions")
            .WithSummary("Gives all suppressions, as NDJSON or CSV, in the form that an import takes")
            .WithDescription($"Query: reason ({SuppressionReasons.All}), list, format (ndjson, csv).")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-ndjson", additionalContentTypes: "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ImportAsync(
        HttpContext context, ApiKeyTable access, KeyRing keys, IDatabaseAsync redis, IOptions<RedisOptions> options, ImportPlaces places,
        IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var errors = new List<FieldError>();
        if (!SuppressionFilter.TryRead(context.Request.Query, [], out var given, errors))
            return SuppressionEndpoints.Invalid(errors);
        if (!UploadFormats.TryForm(context.Request, out var csv, out var fault))
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body is of a form that is not taken", $"{fault.Field} {fault.Message}.", [fault]);
        if (!places.TryTake(account))
        {
            context.Response.Headers.RetryAfter = "5";
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many imports at one time", $"One of an account and {ImportPlaces.Most} in all are taken: try again later.");
        }

        try
        {
            LongBody.Allow(context);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await using var body = UploadFormats.Body(context.Request, out var compressed);
            using var lines = new LineReader(body, csv);
            var parser = new SuppressionParser(keys, account, time, given.Reason ?? SuppressionReason.Manual, given.List ?? 0);
            var import = new SuppressionImport(account, lines, new SuppressionLines(csv, parser), redis, new SuppressionKeys(options.Value));
            return await RunAsync(context, import, compressed, time, stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            places.Return(account);
        }
    }

    private static async Task<IResult> RunAsync(HttpContext context, SuppressionImport import, CompressedBody? compressed, TimeProvider time, CancellationToken stopping)
    {
        try
        {
            var fault = await import.RunAsync(stopping).ConfigureAwait(false);
            if (fault is null && compressed is not null && await compressed.HasMoreAsync(stopping).ConfigureAwait(false))
                fault = "has bytes behind its gzip";
            if (fault is not null)
                return Broken(import, new FieldError("body", fault));
            return TypedResults.Json(new ImportAnswer(import.Lines, import.Added, import.Known, import.Rejected, import.Rejections), MtaJson.Default.ImportAnswer);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return SuppressionEndpoints.Away(context, " An import may be sent again whole.", Counts(import));
        }
        catch (OperationCanceledException)
        {
            context.Response.Headers.RetryAfter = "5";
            return new LastAnswer(Problems.Of(StatusCodes.Status503ServiceUnavailable, "The program stops", "Send the import again whole when it is back.", more: Counts(import)), time);
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Of(e.StatusCode, "The body broke off", "What was read until then was taken: send the import again whole.", [new FieldError("body", e.Message)], more: Counts(import));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return Broken(import, new FieldError("body", e is InvalidDataException ? "is not gzip, or is cut off" : "ended before its time"));
        }
    }

    private static ProblemHttpResult Broken(SuppressionImport import, FieldError fault) =>
        Problems.Of(StatusCodes.Status400BadRequest, "The import was not read to its end", $"The body {fault.Message}. What was read until then was taken: mend it and send it again whole.",
            [fault], more: Counts(import));

    private static Dictionary<string, object?> Counts(SuppressionImport import) => new()
    {
        ["lines"] = import.Lines,
        ["added"] = import.Added,
        ["known"] = import.Known,
        ["rejected_lines"] = import.Rejected,
    };

    private static async Task<IResult> ExportAsync(HttpContext context, ApiKeyTable access, IDatabaseAsync redis, IOptions<RedisOptions> options)
    {
        if (!context.TryGetAccount(access, Right.Admin, out var account, out var refusal))
            return refusal;
        var errors = new List<FieldError>();
        SuppressionFilter.TryRead(context.Request.Query, ["format"], out var wanted, errors);
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "csv" or "ndjson"))
            errors.Add(new FieldError("format", "must be csv or ndjson"));
        if (errors.Count > 0)
            return SuppressionEndpoints.Invalid(errors);
        var csv = format == "csv" || (format.Length == 0 && context.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase));
        var export = new SuppressionExport(redis, new SuppressionKeys(options.Value).Of(account), csv, wanted.Reason, wanted.List);
        try
        {
            await export.ReadAsync().ConfigureAwait(false);
            return export;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return SuppressionEndpoints.Away(context);
        }
    }
}
