namespace Delivery.Tracker.Unsubscribes;

/// <summary>Which of its pages an unsubscribe link shows.</summary>
internal enum PageState
{
    /// <summary>A button, and the lists to choose from.</summary>
    Ask,

    /// <summary>The same, after a form in which no list was chosen.</summary>
    AskAgain,

    /// <summary>Unsubscribed; asks why, and offers the way back.</summary>
    Done,

    /// <summary>Unsubscribed, and the reason is known.</summary>
    Thanks,

    /// <summary>Subscribed again.</summary>
    Back,

    /// <summary>It could not be saved; a button repeats what was asked for.</summary>
    TryAgain,

    /// <summary>The link is not genuine, or not of this place.</summary>
    Unknown,
}
