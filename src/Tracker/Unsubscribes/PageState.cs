namespace Delivery.Tracker.Unsubscribes;

/// <summary>What the unsubscribe page says.</summary>
internal enum PageState
{
    Ask,
    Done,
    TryAgain,
    Unknown,
}
