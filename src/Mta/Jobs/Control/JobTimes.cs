namespace Delivery.Mta.Jobs.Control;

/// <summary>Judges <c>options.start_time</c> and <c>options.expires</c> of a job that is submitted.</summary>
internal static class JobTimes
{
    /// <summary>How far ahead both may lie.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public static void Check(JobOptions options, DateTimeOffset now, List<FieldError> errors)
    {
        if (options.StartTime > now + Furthest)
            errors.Add(new FieldError("options.start_time", "is more than a year ahead: submit the job later"));
        if (options.Expires is not { } expires)
            return;
        if (expires <= now)
            errors.Add(new FieldError("options.expires", "has passed: nothing of the job would be sent"));
        else if (expires > now + Furthest)
            errors.Add(new FieldError("options.expires", "is more than a year ahead: leave it out"));
        else if (expires <= options.StartTime)
            errors.Add(new FieldError("options.expires", "must be after options.start_time"));
    }
}
