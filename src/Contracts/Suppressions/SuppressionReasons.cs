namespace Delivery.Contracts.Suppressions;

/// <summary>The reasons in words: <c>unsubscribe</c>, <c>hard_bounce</c>, <c>complaint</c>, <c>manual</c>, <c>erased</c>.</summary>
public static class SuppressionReasons
{
    /// <summary>All words, for messages.</summary>
    public const string All = "hard_bounce, complaint, unsubscribe, manual, erased";

    public static string Word(SuppressionReason reason) => reason switch
    {
        SuppressionReason.Unsubscribe => "unsubscribe",
        SuppressionReason.HardBounce => "hard_bounce",
        SuppressionReason.Complaint => "complaint",
        SuppressionReason.Erased => "erased",
        _ => "manual",
    };

    public static bool TryParse(ReadOnlySpan<char> word, out SuppressionReason reason)
    {
        reason = word switch
        {
            "unsubscribe" => SuppressionReason.Unsubscribe,
            "hard_bounce" => SuppressionReason.HardBounce,
            "complaint" => SuppressionReason.Complaint,
            "manual" => SuppressionReason.Manual,
            "erased" => SuppressionReason.Erased,
            _ => 0,
        };
        return reason != 0;
    }
}
