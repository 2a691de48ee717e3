using Delivery.Contracts.Access;

namespace Delivery.Aggregator.Reports;

/// <summary>Whose key a call came with.</summary>
/// <param name="Id">The account; every statement names it, so that nothing of another account is read.</param>
/// <param name="Rights">What the key may do.</param>
/// <param name="About">What the accounts file says of the account; null for one of the settings alone.</param>
internal sealed record Caller(uint Id, Right Rights, Account? About)
{
    /// <summary>The account's time zone, an IANA name; UTC where it has none.</summary>
    public string TimeZone => About?.TimeZone ?? "UTC";
}
