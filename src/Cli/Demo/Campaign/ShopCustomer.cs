namespace Delivery.Cli.Demo.Campaign;

/// <summary>What the invented shop knows about one recipient.</summary>
internal sealed record ShopCustomer
{
    public required string Email { get; init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    /// <summary>The shop's own id.</summary>
    public required string MemberId { get; init; }

    /// <summary>Reads Hebrew, from right to left; otherwise English.</summary>
    public required bool Hebrew { get; init; }

    /// <summary>Empty where the shop does not know it.</summary>
    public required string City { get; init; }

    public required DateOnly MemberSince { get; init; }

    public required string Coupon { get; init; }

    public required bool Vip { get; init; }

    public required int Points { get; init; }

    /// <summary>Last day of the birthday gift, for those whose birthday is near.</summary>
    public DateOnly? Birthday { get; init; }

    public ShopCart? Cart { get; init; }

    public required IReadOnlyList<ShopProduct> Products { get; init; }

    public string Language => Hebrew ? "he" : "en";
}
