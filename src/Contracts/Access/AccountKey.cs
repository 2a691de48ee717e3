namespace Delivery.Contracts.Access;

/// <summary>
/// A key of an account as the accounts file has it. Of the secret only SHA-256 is kept: it holds 192 random bits, so nobody finds it
/// by guessing however fast the hash is, and a slow hash (as for passwords, which people choose) would only make each call dear.
/// </summary>
public sealed record AccountKey
{
    /// <summary>Names the key to people, in lists and to revoke it; stands in the key itself, <c>dlv_ID_SECRET</c>, and is no secret.</summary>
    public required string Id { get; init; }

    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Names as in <see cref="RightNames"/>.</summary>
    public required string Rights { get; init; }

    /// <summary>SHA-256 of the whole key in hex; null once it is revoked.</summary>
    public string? Sha256 { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Revoked { get; init; }
}
