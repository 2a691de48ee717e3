namespace Delivery.Mta.Messages;

internal enum MessagePart
{
    Html,
    Text,
}
