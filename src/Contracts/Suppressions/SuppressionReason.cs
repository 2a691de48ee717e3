namespace Delivery.Contracts.Suppressions;

/// <summary>Why an address gets no mail. The names, in lower case, are what Redis holds.</summary>
public enum SuppressionReason
{
    Unsubscribe = 1,
    HardBounce = 2,
    Complaint = 3,
    Manual = 4,
}
