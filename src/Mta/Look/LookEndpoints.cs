using Delivery.Mta.Jobs;

namespace Delivery.Mta.Look;

/// <summary>Looking at mail before it is sent: <c>POST /v1/preview</c>, <c>POST /v1/jobs/{id}/check</c> and <c>POST /v1/jobs/{id}/test</c>.</summary>
internal static class LookEndpoints
{
    public static void MapLook(this IEndpointRouteBuilder routes)
    {
        var look = routes.MapGroup("/v1").WithTags("look before you send");
        look.MapPost("preview", PreviewEndpoint.AnswerAsync)
            .WithName("PreviewMail")
            .WithSummary("Renders mail without sending or storing anything")
            .WithDescription("Takes a job's body with at most 100 recipients. With ?format=eml and one recipient the answer is the message itself. Links are plain, there is no pixel.")
            .Accepts<PreviewRequest>("application/json")
            .Produces<PreviewAnswer>(StatusCodes.Status200OK, "application/json", "message/rfc822")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        look.MapPost("jobs/{id}/check", CheckEndpoint.AnswerAsync)
            .WithName("CheckJob")
            .WithSummary("Looks for what is probably not meant in a job's mail")
            .WithDescription("Renders the mail of the first ?recipients= of the job, 1,000 unless given, at most 10,000, and tells what the rules find. Changes nothing.")
            .Produces<CheckResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        look.MapPost("jobs/{id}/test", TestEndpoint.AnswerAsync)
            .WithName("TestJob")
            .WithSummary("Sends samples of a job's mail to addresses of one's own")
            .WithDescription("The samples are a job of their own, so the job's figures stay as they are. An Idempotency-Key is honoured.")
            .Accepts<TestRequest>("application/json")
            .Produces<JobAccepted>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
    }
}
