namespace Delivery.Cli.Demo.Campaign;

/// <summary>A thing that the invented shop sells.</summary>
/// <param name="Was">The price before the sale, or null where it is not reduced.</param>
internal sealed record ShopProduct(string Slug, string English, string Hebrew, decimal Price, decimal? Was, string Icon, string Colour)
{
    public static IReadOnlyList<ShopProduct> All { get; } =
    [
        new("olive-wood-board", "Olive wood board", "קרש חיתוך מעץ זית", 189.90m, 249m, "🫒", "#e3ead0"),
        new("linen-napkins", "Linen napkins, set of 6", "מפיות פשתן, 6 יחידות", 129m, 179m, "🧺", "#f1e4d3"),
        new("clay-jug", "Hand-thrown clay jug", "כד חימר בעבודת יד", 219.50m, null, "🏺", "#f3d9c9"),
        new("lemon-tree", "Young lemon tree", "עץ לימון צעיר", 149m, 199m, "🍋", "#f9f0c4"),
        new("spice-box", "Spice box, nine kinds", "קופסת תבלינים, תשעה סוגים", 98m, 140m, "🌶️", "#f6d5c9"),
        new("fig-jam", "Fig & vanilla jam", "ריבת תאנים ווניל", 38.50m, null, "🍯", "#f4e1c1"),
        new("picnic-rug", "Picnic rug \"Carmel\"", "שמיכת פיקניק \"כרמל\"", 259m, 349m, "🧵", "#e6dcea"),
        new("herb-pots", "Three herb pots", "שלישיית עציצי תבלין", 119m, 159m, "🌿", "#d7e8d4"),
        new("brass-tray", "Brass tray, 40 cm", "מגש פליז, 40 ס\"מ", 1_290m, 1_690m, "🥘", "#f2e3b3"),
        new("tea-glasses", "Tea glasses, set of 8", "כוסות תה, 8 יחידות", 160m, 220m, "🍵", "#d5e9e6"),
        new("honey-dipper", "Honey & dipper", "דבש וכף דבש", 64.90m, 82m, "🐝", "#fbe7a8"),
        new("garden-lights", "Garden lights, 10 m", "שרשרת אורות לגינה, 10 מ'", 175m, null, "🏮", "#fadcc0"),
    ];
}
