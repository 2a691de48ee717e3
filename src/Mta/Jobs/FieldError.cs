namespace Delivery.Mta.Jobs;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">Path of the field, such as <c>content.subject</c> or <c>recipients[3].address</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Line">Line in the field's own text (a template), from 1; null where it makes no sense.</param>
/// <param name="Column">Column in that line, from 1.</param>
internal sealed record FieldError(string Field, string Message, int? Line = null, int? Column = null)
{
    /// <summary>What is wrong in a job's content.</summary>
    public static FieldError Of(Messages.ContentError error) =>
        new(error.Field, error.Message, error.Line == 0 ? null : error.Line, error.Column == 0 ? null : error.Column);
}
