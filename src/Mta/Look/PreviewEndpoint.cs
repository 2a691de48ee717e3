using System.Text.Json;
using Delivery.Contracts.Access;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Delivery.Mta.Look;

/// <summary><c>POST /v1/preview</c>.</summary>
internal static class PreviewEndpoint
{
    private const string Title = "There is no preview";

    public static async Task<IResult> AnswerAsync(
        HttpContext context, string? format, MailPreview preview, JobLoader loader, LookGate gate, ApiKeyTable access, IOptions<MtaOptions> options, CancellationToken cancellation)
    {
        if (!context.TryGetAccount(access, Right.Read, out var account, out var refusal))
            return refusal;
        if (format is not (null or "json" or "eml"))
            return Refuse([new FieldError("format", "must be 'json' or 'eml'")]);
        return await gate.RunAsync(
            () => RequestGate.TakeAsync(
                context.Request, options.Value.MaxRequestBytes, body => RenderAsync(body, account, access.Find(account), format == "eml", preview, loader, cancellation), cancellation),
            cancellation).ConfigureAwait(false);
    }

    private static async Task<IResult> RenderAsync(
        ReadOnlyMemory<byte> body, uint account, Account? owner, bool asMessage, MailPreview preview, JobLoader loader, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = JobIntake.Parse(body);
        }
        catch (JsonException e)
        {
            return Problems.BrokenJson(e);
        }

        using (document)
        {
            var errors = new List<FieldError>();
            var faults = new List<FieldError?>();
            if (PreviewParser.Parse(document.RootElement, errors, faults) is not { } request)
                return Refuse(errors);
            if (SenderDomains.Faults(owner, request.Content) is { } strangers)
                return Refuse(strangers);
            if (!CompiledContent.TryCompile(request.Content, loader.ComposeOptions(account, request.Options), out var compiled, out var compileErrors))
                return Refuse([.. compileErrors.Select(FieldError.Of)]);
            var content = new LookContent(request.Content, compiled);
            return asMessage
                ? Message(account, preview, content, request, faults)
                : TypedResults.Json(
                    new PreviewAnswer(await preview.RenderAsync(account, content, request, faults, cancellation).ConfigureAwait(false)), LookJson.Readable.PreviewAnswer);
        }
    }

    private static IResult Message(uint account, MailPreview preview, LookContent content, PreviewRequest request, List<FieldError?> faults)
    {
        if (faults.Count != 1)
            return Refuse([new FieldError("recipients", "must have exactly one recipient for format=eml")]);
        if (faults[0] is { } fault)
            return Refuse([fault]);
        return preview.Message(account, content, request, out var failure) is { } message
            ? TypedResults.Bytes(message, "message/rfc822")
            : Refuse([failure!]);
    }

    private static ProblemHttpResult Refuse(List<FieldError> errors) =>
        Problems.Of(StatusCodes.Status400BadRequest, Title, $"{errors[0].Field} {errors[0].Message}.", errors);
}
