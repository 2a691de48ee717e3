namespace Delivery.Mta.Messages;

/// <summary>Why there is no message for a recipient, and in which field: the recipient is dropped, not retried.</summary>
internal readonly record struct ComposeFailure(ComposeReason Reason, string Field)
{
    /// <summary>One line for the outcome's record; no data of the recipient stands in it.</summary>
    public string Describe() => Reason switch
    {
        ComposeReason.OutputTooLarge => $"{Field} renders to more than {Templates.TemplateLimits.MaxOutputBytes} bytes",
        ComposeReason.TooManySteps => $"{Field} takes more than {Templates.TemplateLimits.MaxSteps} steps to render",
        ComposeReason.InvalidAddress => $"{Field} is no valid address",
        ComposeReason.HeaderTooLong => $"{Field} renders to more than {HeaderWriter.MaxValueBytes} bytes",
        _ => "",
    };
}
