using System.Globalization;
using Delivery.Contracts.Access;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Why a job to an audience was not taken. Nothing was sent in any of the cases.</summary>
internal static class FollowUpProblems
{
    public const string Field = "recipients.audience";
    private const string JobField = $"{Field}.job";
    private const string Nothing = "Nothing was sent.";
    private const int RetrySeconds = 10;

    public static FieldError NotSetUp() =>
        new(Field, "needs the Aggregator, and nobody said where it is: set Mta:ReportsUrl to its address, such as http://127.0.0.1:5082, or hand in the recipients themselves");

    public static IntakeFailure MayNotRead() => new(Problems.Forbidden(Right.Read));

    /// <summary>The same for a job that never was and for another account's.</summary>
    public static IntakeFailure NoSuchJob(ulong job, int node, TimeSpan kept) => Of(
        StatusCodes.Status404NotFound, "No such job to follow up",
        (int)(job >> 12 & 1023) is var its && its != node
            ? string.Create(CultureInfo.InvariantCulture, $"By its id, the Mta with Mta:Node {its} took this job, and this is node {node}: addresses are where the job was taken, so send this call there.")
            : $"The account has no job of this id in this Mta. Addresses are kept until a job has been finished for {Words(kept)} (Mta:KeepFinished): of an older one, get the ids of its audience from the reports, and hand in the recipients themselves.",
        new FieldError(JobField, "names no job of this account whose addresses are here"));

    public static IntakeFailure SourceLeft(TimeSpan kept) => Of(
        StatusCodes.Status409Conflict, "The addresses of the job are gone",
        $"The job has been finished for {Words(kept)} (Mta:KeepFinished), and left while its recipients were read: hand in the recipients themselves.", new FieldError(JobField, "left the spool meanwhile"));

    public static IntakeFailure Nobody(DateTimeOffset? fresh, long people)
    {
        var error = new FieldError(Field, people == 0 ? "applies to nobody now" : $"applies to {people}, of whom none is in this Mta");
        return new IntakeFailure(Problems.Of(
            StatusCodes.Status409Conflict, "The audience is empty", $"{error.Field} {error.Message}. Nothing was stored or sent; the same call may find people later.", [error],
            more: new Dictionary<string, object?> { ["people"] = people, ["fresh_as_of"] = fresh?.ToString("O", CultureInfo.InvariantCulture) }));
    }

    public static IntakeFailure Invalid(string detail) => Of(
        StatusCodes.Status400BadRequest, "The job was not accepted", $"{Field} is refused by the reports: {detail}", new FieldError(Field, detail.Length == 0 ? "is refused by the reports" : detail));

    public static IntakeFailure NotAllowed(string detail) => Of(
        StatusCodes.Status403Forbidden, "The API key may not do this", $"The Aggregator does not let it look up the audience: {detail}", new FieldError("Authorization", "is refused by the reports"));

    /// <summary>The reports do not know a job that the spool has: its first events are on their way.</summary>
    public static IntakeFailure NotCounted() => Later(
        StatusCodes.Status503ServiceUnavailable, "The job is not counted yet", "None of its events has reached the reports: try again soon.", new FieldError(JobField, "is not known to the reports yet"));

    public static IntakeFailure ReportsAway() => Later(
        StatusCodes.Status503ServiceUnavailable, "The audience cannot be looked up", "The Aggregator (Mta:ReportsUrl) does not answer, or not to the end: try again soon.", new FieldError(Field, "could not be looked up"));

    public static IntakeFailure Busy() => Later(StatusCodes.Status429TooManyRequests, "Too many jobs to audiences at one time", $"At most {FollowUpPlaces.MostAtOnce} are taken: try again later.", null);

    public static IntakeFailure UnderWay() => Later(
        StatusCodes.Status409Conflict, "The same call is under way", "A call with this Idempotency-Key is being taken: try again for its answer.", new FieldError("Idempotency-Key", "is of a call that is under way"));

    public static IntakeFailure Full() => Later(StatusCodes.Status429TooManyRequests, "The spool is full", "Too many recipients wait for delivery: try again later.", null);

    public static IntakeFailure Stopping() => Later(StatusCodes.Status503ServiceUnavailable, "The program stops", "Try again when it is back.", null);

    public static IntakeFailure Cancelled() => Of(StatusCodes.Status409Conflict, "The job was cancelled", "Somebody cancelled it while its recipients were taken.", null);

    private static IntakeFailure Later(int status, string title, string detail, FieldError? error) => Of(status, title, detail, error) with { RetrySeconds = RetrySeconds };

    private static IntakeFailure Of(int status, string title, string detail, FieldError? error) =>
        new(Problems.Of(status, title, $"{detail} {Nothing}", error is null ? null : [error]));

    private static string Words(TimeSpan time) =>
        time.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.##} days") : time.ToString("c", CultureInfo.InvariantCulture);
}
