using System.Globalization;

namespace Delivery.Cli.Demo.Campaign;

/// <summary>The shop's customers: the same people at every run.</summary>
internal static class CustomerBook
{
    private const int Seed = 20_270_328;

    private static readonly (string English, string Hebrew)[] FirstNames =
    [
        ("Noa", "נועה"), ("Daniel", "דניאל"), ("Tamar", "תמר"), ("Omer", "עומר"), ("Maya", "מאיה"), ("Yonatan", "יונתן"),
        ("Shira", "שירה"), ("Ariel", "אריאל"), ("Leah", "לאה"), ("Itay", "איתי"), ("Ruth", "רות"), ("Adam", "אדם"),
        ("Yael", "יעל"), ("Eitan", "איתן"), ("Talia", "טליה"), ("Zoë", "זואי"), ("Amit", "עמית"), ("Miriam", "מרים"),
    ];

    private static readonly (string English, string Hebrew)[] LastNames =
    [
        ("Levi", "לוי"), ("Cohen", "כהן"), ("Mizrahi", "מזרחי"), ("Peretz", "פרץ"), ("Friedman", "פרידמן"), ("Azoulay", "אזולאי"),
        ("Katz", "כץ"), ("O'Brien", "אובריין"), ("Haddad", "חדאד"), ("Shapiro", "שפירא"), ("Müller", "מילר"), ("Biton", "ביטון"),
    ];

    private static readonly (string English, string Hebrew)[] Cities =
    [
        ("Tel Aviv", "תל אביב"), ("Jerusalem", "ירושלים"), ("Haifa", "חיפה"), ("Be'er Sheva", "באר שבע"), ("Netanya", "נתניה"),
        ("Rishon & Holon", "ראשון וחולון"), ("Eilat", "אילת"), ("", ""),
    ];

    private static readonly string[] Domains = ["mail.example", "post.example", "inbox.example", "work.example"];

    /// <summary>The first <paramref name="count"/> customers.</summary>
    public static IReadOnlyList<ShopCustomer> Take(int count)
    {
        var random = new Random(Seed);
        var customers = new ShopCustomer[count];
        for (var i = 0; i < count; i++)
            customers[i] = Next(random, i);
        return customers;
    }

    private static ShopCustomer Next(Random random, int index)
    {
        var hebrew = random.Next(100) < 45;
        var first = Pick(random, FirstNames);
        var last = Pick(random, LastNames);
        var city = Pick(random, Cities);
        var member = "AF" + (100_000 + index * 7).ToString(CultureInfo.InvariantCulture);
        var vip = random.Next(100) < 20;
        var cart = random.Next(100) < 30 ? random.Next(1, 6) : 0;
        var products = ShopProduct.All.ToArray();
        random.Shuffle(products);
        return new ShopCustomer
        {
            Email = $"{Ascii(first.English)}.{Ascii(last.English)}.{index}@{Domains[random.Next(Domains.Length)]}".ToLowerInvariant(),
            FirstName = hebrew ? first.Hebrew : first.English,
            LastName = hebrew ? last.Hebrew : last.English,
            MemberId = member,
            Hebrew = hebrew,
            City = hebrew ? city.Hebrew : city.English,
            MemberSince = new DateOnly(2016 + random.Next(11), random.Next(1, 12), random.Next(1, 29)),
            Coupon = $"SPRING-{random.Next(1000, 10_000)}" + (vip ? "+VIP" : ""),
            Vip = vip,
            Points = vip ? random.Next(500, 25_000) : 0,
            Birthday = random.Next(100) < 10 ? new DateOnly(2027, 4, random.Next(5, 29)) : null,
            Cart = cart == 0 ? null : new ShopCart(cart, cart * 79.90m, $"https://almondandfig.example/cart/{member}?t={random.Next():x8}"),
            Products = products[..random.Next(2, 5)],
        };
    }

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    private static string Ascii(string name) =>
        new([.. name.Replace('ë', 'e').Replace('ü', 'u').Where(char.IsAsciiLetter)]);
}
