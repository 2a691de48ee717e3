using Delivery.Contracts;
using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Spool;

/// <summary>A suppression that an outcome brought and that Redis may not have yet.</summary>
/// <param name="Id">Grows in the order of commits; an empty table counts from 1 again.</param>
internal readonly record struct DueSuppression(long Id, uint Account, RecipientKey Key, SuppressionReason Reason, long TimeMs);
