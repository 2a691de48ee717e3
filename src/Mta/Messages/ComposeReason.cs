namespace Delivery.Mta.Messages;

internal enum ComposeReason
{
    None,
    OutputTooLarge,
    TooManySteps,
    InvalidAddress,
    HeaderTooLong,
}
