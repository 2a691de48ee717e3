using System.Text;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Events;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;

namespace Delivery.Micro;

/// <summary>One campaign of about 5 KB a message, and one of its recipients: the same every time.</summary>
internal static class Samples
{
    public const ulong Job = 382_805_526_594_977_792;

    private const int FillLines = 16;
    private const string FillLine = "Linen, olive wood and clay for a long table in the garden, made by hand.\n";

    public static readonly DateTimeOffset Date = new(2026, 11, 22, 10, 20, 30, TimeSpan.Zero);

    public static byte[] Recipient { get; } = Encoding.UTF8.GetBytes(
        """
        {"address":{"email":"noa.levi.17@inbox.example","name":"Noa Levi"},"id":"C-17","substitution_data":{"first_name":"Noa","vip":true,"points":1250,
        "products":[{"slug":"clay-jug","name":"Clay jug","price":219},{"slug":"fig-jam","name":"Fig & vanilla jam","price":38}]}}
        """);

    public static string Html { get; } = Source();

    public static KeyRing Keys { get; } = KeyRing.Create();

    public static RecipientKey Key { get; } = new(1, 2);

    public static JsonElement Data { get; } = JsonDocument.Parse(Recipient).RootElement.GetProperty("substitution_data");

    public static CompiledContent Content()
    {
        var content = new MessageContent { From = new Mailbox("shop@bench.example", "The Shop"), Subject = "Hello {{first_name}}", Html = Html };
        return CompiledContent.TryCompile(content, new ComposeOptions { TrackerBaseUrl = new Uri("http://127.0.0.1:5081") }, out var compiled, out var errors)
            ? compiled
            : throw new InvalidOperationException(errors[0].ToString());
    }

    public static MessageInput Input(uint recipient) => new()
    {
        Account = 1,
        Job = Job,
        Recipient = recipient,
        Date = Date,
        Email = "noa.levi.17@inbox.example",
        Name = "Noa Levi",
        UpstreamId = "C-17",
        Key = Key,
        SubstitutionData = Data,
    };

    public static DeliveryEvent Delivered(uint recipient) => new()
    {
        Kind = EventKind.Delivered,
        TimeMs = Date.ToUnixTimeMilliseconds(),
        Account = 1,
        Job = Job,
        Recipient = recipient,
        Attempt = 1,
        SmtpCode = 250,
        EnhancedStatus = "2.0.0",
        Mx = "relay.example",
        Reply = "250 2.0.0 Ok: queued as 4F2B1",
    };

    private static string Source()
    {
        var html = new StringBuilder(
            """
            <p>Hello {{first_name}},</p>
            {{#if vip}}<p>You have {{points}} points.</p>
            {{/if}}{{#each products}}<p><a href="https://shop.example/p/{{slug}}">{{name}}</a> {{price}}</p>
            {{/each}}<p><a href="https://shop.example/spring/1?from=mail">Page 1</a></p>
            <p><a href="https://shop.example/spring/2?from=mail">Page 2</a></p>

            """);
        for (var i = 0; i < FillLines; i++)
            html.Append(FillLine);
        return html.ToString();
    }
}
