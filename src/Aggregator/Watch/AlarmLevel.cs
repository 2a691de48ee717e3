namespace Delivery.Aggregator.Watch;

internal enum AlarmLevel
{
    None,
    Notice,
    Warning,
    Critical,
}
