using Delivery.Contracts;
using Delivery.Mta.Spool;

namespace Delivery.Mta.Erasure;

/// <summary>A recipient of a job who is to be erased, as the spool has it.</summary>
internal readonly record struct SpooledPerson(ulong Job, uint Ordinal, RecipientState State, string Email, RecipientKey Key);
