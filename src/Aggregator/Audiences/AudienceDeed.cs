namespace Delivery.Aggregator.Audiences;

/// <summary>What the roll-ups know of the people of a job, each a set of recipients.</summary>
internal enum AudienceDeed
{
    Delivered,
    Bounced,
    Dropped,
    Expired,
    Opened,
    Clicked,
    Unsubscribed,
    Complained,

    /// <summary>Clicked the link at a position of the template.</summary>
    ClickedPosition,

    /// <summary>Clicked a distinct URL of the template, wherever it stands.</summary>
    ClickedLink,
}
