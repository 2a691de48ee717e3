using System.Runtime.InteropServices;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;

namespace Delivery.Mta.Suppressions;

/// <summary>One suppression in memory and in the snapshot: 25 bytes. Accounts count from 1, so an account of 0 is an empty place.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct SuppressionSlot(ulong High, ulong Low, uint Account, uint List, SuppressionReason Reason)
{
    public const int Size = 25;

    public RecipientKey Key => new(High, Low);

    public bool IsOf(uint account, in RecipientKey key) => Low == key.Low && High == key.High && Account == account;
}
