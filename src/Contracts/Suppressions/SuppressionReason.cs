namespace Delivery.Contracts.Suppressions;

/// <summary>Why an address gets no mail. The numbers are what files hold, the words of <see cref="SuppressionReasons"/> what Redis and the API do.</summary>
public enum SuppressionReason : byte
{
    Unsubscribe = 1,
    HardBounce = 2,
    Complaint = 3,
    Manual = 4,

    /// <summary>The person was erased; what is left of them is this.</summary>
    Erased = 5,
}
