namespace Delivery.Cli.Demo.Campaign;

/// <summary>Where each link must lead for each recipient: computed from the shop's data alone, without the template's engine.</summary>
internal static class CampaignDestinations
{
    private const string Shop = "https://almondandfig.example/";

    /// <param name="turn">Which turn of the product list the link stands in, from 0; 0 outside it.</param>
    public static string For(string link, ShopCustomer customer, int turn)
    {
        var shop = Shop + customer.Language;
        return link switch
        {
            "logo" => Shop + "?from=mail",
            "menu-new" => shop + "/new",
            "menu-sale" => shop + "/sale",
            "menu-gifts" => shop + "/gifts",
            "hero-button" => $"{shop}/spring?member={customer.MemberId}&coupon={Escape(customer.Coupon)}",
            "vip-lounge" => shop + "/first-table",
            "birthday-gift" => $"{shop}/birthday?member={customer.MemberId}",
            "cart" => customer.Cart!.Url,
            "product-picture" => $"{shop}/p/{customer.Products[turn].Slug}?from=picture",
            "product-buy" => $"{shop}/p/{customer.Products[turn].Slug}?buy=1&coupon={Escape(customer.Coupon)}",
            "all-products" => shop + "/spring/all",
            "store" => $"{shop}/stores?city={Escape(customer.City)}",
            "instagram" => "https://instagram.example/almondandfig",
            "facebook" => "https://facebook.example/almondandfig",
            "share" => $"https://share.example/?text={Escape(customer.Hebrew ? "מבצע" : "Spring sale")}&by={customer.MemberId}",
            "terms" => shop + "/terms",
            _ => throw new ArgumentOutOfRangeException(nameof(link), link, "is no tracked link of the campaign"),
        };
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
