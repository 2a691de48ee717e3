using System.Globalization;
using System.Text.Json;

namespace Delivery.Cli.Demo.Campaign;

/// <summary>The campaign as the body of <c>POST /v1/jobs</c>.</summary>
internal static class JobRequest
{
    public static byte[] Write(ExampleCampaign campaign, IReadOnlyList<ShopCustomer> customers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("campaign_id", ExampleCampaign.Id);
            json.WriteStartObject("content");
            json.WriteStartObject("from");
            json.WriteString("email", "hello@almondandfig.example");
            json.WriteString("name", "Almond & Fig");
            json.WriteEndObject();
            json.WriteString("reply_to", "care@almondandfig.example");
            json.WriteString("subject", campaign.Subject);
            json.WriteString("html", campaign.Html);
            json.WriteEndObject();
            json.WriteStartObject("options");
            json.WriteBoolean("open_tracking", true);
            json.WriteBoolean("click_tracking", true);
            json.WriteEndObject();
            json.WriteStartObject("metadata");
            json.WriteString("season", "spring");
            json.WriteEndObject();
            json.WriteStartArray("recipients");
            foreach (var customer in customers)
                WriteRecipient(json, customer);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteRecipient(Utf8JsonWriter json, ShopCustomer customer)
    {
        json.WriteStartObject();
        json.WriteStartObject("address");
        json.WriteString("email", customer.Email);
        json.WriteString("name", $"{customer.FirstName} {customer.LastName}");
        json.WriteEndObject();
        json.WriteString("id", customer.MemberId);
        json.WriteStartObject("substitution_data");
        json.WriteString("lang", customer.Language);
        json.WriteString("dir", customer.Hebrew ? "rtl" : "ltr");
        json.WriteString("end", customer.Hebrew ? "left" : "right");
        json.WriteString("first_name", customer.FirstName);
        json.WriteString("member_id", customer.MemberId);
        json.WriteString("member_since", Date(customer.MemberSince));
        json.WriteString("city", customer.City);
        json.WriteString("coupon", customer.Coupon);
        json.WriteBoolean("vip", customer.Vip);
        json.WriteNumber("points", customer.Points);
        if (customer.Birthday is { } birthday)
            json.WriteString("birthday", Date(birthday));
        if (customer.Cart is { } cart)
        {
            json.WriteStartObject("cart");
            json.WriteNumber("items", cart.Items);
            json.WriteNumber("total", cart.Total);
            json.WriteString("url", cart.Url);
            json.WriteEndObject();
        }

        json.WriteStartArray("products");
        foreach (var product in customer.Products)
            WriteProduct(json, product, customer.Hebrew);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteProduct(Utf8JsonWriter json, ShopProduct product, bool hebrew)
    {
        json.WriteStartObject();
        json.WriteString("slug", product.Slug);
        json.WriteString("name", hebrew ? product.Hebrew : product.English);
        json.WriteNumber("price", product.Price);
        if (product.Was is { } was)
            json.WriteNumber("was", was);
        json.WriteString("icon", product.Icon);
        json.WriteString("colour", product.Colour);
        json.WriteEndObject();
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
