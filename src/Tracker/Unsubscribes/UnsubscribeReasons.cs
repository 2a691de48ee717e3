namespace Delivery.Tracker.Unsubscribes;

/// <summary>The words that stand as the reason of an event; a column of few values, so nothing that a reader wrote is ever one.</summary>
internal static class UnsubscribeReasons
{
    public const string OneClick = "one_click";

    public const string Page = "page";

    /// <summary>What a reader can choose, in the order of the page.</summary>
    public static readonly IReadOnlyList<string> Choices = ["too_many", "not_relevant", "never_signed_up", "other"];

    /// <summary>The choice of this name, or null.</summary>
    public static string? Find(string name)
    {
        foreach (var choice in Choices)
        {
            if (choice == name)
                return choice;
        }

        return null;
    }
}
