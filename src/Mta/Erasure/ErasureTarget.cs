using Delivery.Contracts;

namespace Delivery.Mta.Erasure;

/// <summary>Who is to be erased: keys of one account, and the texts that stand for the person where a key does not.</summary>
/// <param name="Addresses">Addresses of the person as far as they are known, as they were given or stored.</param>
internal sealed record ErasureTarget(uint Account, IReadOnlySet<RecipientKey> Keys, IReadOnlySet<string> Addresses);
