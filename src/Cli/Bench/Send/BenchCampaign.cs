using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Bench.Send;

/// <summary>
/// The content that is sent: subject and greeting by name, a block for some, a loop over the recipient's products, signed links, the pixel,
/// and plain text that fills it up to a size. The same for the same arguments. Thread-safe.
/// </summary>
internal sealed class BenchCampaign
{
    public const string SenderDomain = "bench.example";
    private const int LineLength = 72;
    private const string Words = "linen board olive spring table garden kitchen maker wood clay small slow good bread lemon salt morning hands ";
    private static readonly string[] Names = ["Noa", "Daniel", "Tamar", "Omer", "Maya", "Zoë", "Shira", "Ariel", "Leah", "נועה", "Ruth", "Adam"];
    private static readonly string[] Products = ["olive-wood-board", "linen-napkins", "clay-jug", "lemon-tree", "spice-box", "fig-jam", "picnic-rug"];
    private readonly int _products;

    private BenchCampaign(int products, string html, string? text)
    {
        _products = products;
        Html = html;
        Text = text;
    }

    public string Html { get; }

    /// <summary>Null where the Mta makes the text part from the HTML.</summary>
    public string? Text { get; }

    /// <param name="sizeBytes">Decides how rich it is: the smallest has one link, the largest twelve.</param>
    /// <param name="fill">Characters of plain text.</param>
    public static BenchCampaign Create(int sizeBytes, int fill)
    {
        var (products, links) = sizeBytes switch
        {
            < 4_000 => (1, 0),
            < 16_000 => (2, 3),
            _ => (4, 8),
        };
        var html = new StringBuilder();
        html.Append("<p>Hello {{first_name}},</p>\n{{#if vip}}<p>You have {{points}} points.</p>\n{{/if}}");
        html.Append("{{#each products}}<p><a href=\"https://shop.example/p/{{slug}}\">{{name}}</a> {{price}}</p>\n{{/each}}");
        for (var i = 1; i <= links; i++)
            html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"https://shop.example/spring/{i}?from=mail\">Page {i}</a></p>\n");
        Fill(html, fill);
        return new BenchCampaign(products, html.ToString(), sizeBytes < 4_000 ? "Hello {{first_name}}." : null);
    }

    /// <summary>The body of <c>POST /v1/jobs</c> for recipients <paramref name="first"/> to before <paramref name="end"/>; for none, a job that is open for them.</summary>
    public byte[] Job(long first, long end)
    {
        var buffer = new ArrayBufferWriter<byte>(4096 + (int)(end - first) * 400);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("campaign_id", "bench");
            json.WriteStartObject("content");
            json.WriteStartObject("from");
            json.WriteString("email", "shop@" + SenderDomain);
            json.WriteString("name", "The Shop");
            json.WriteEndObject();
            json.WriteString("subject", "Hello {{first_name}}");
            json.WriteString("html", Html);
            if (Text is not null)
                json.WriteString("text", Text);
            json.WriteEndObject();
            if (end == first)
            {
                json.WriteNull("recipients");
            }
            else
            {
                json.WriteStartArray("recipients");
                for (var i = first; i < end; i++)
                    WriteRecipient(json, i);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one recipient; with a line end after it this is a line of <c>POST /v1/jobs/{id}/recipients</c>.</summary>
    public void WriteRecipient(Utf8JsonWriter json, long index)
    {
        Span<char> text = stackalloc char[48];
        var name = Names[index % Names.Length];
        json.WriteStartObject();
        json.WriteStartObject("address"u8);
        text.TryWrite(CultureInfo.InvariantCulture, $"reader.{index}@inbox{index % 97}.example", out var written);
        json.WriteString("email"u8, text[..written]);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
        text.TryWrite(CultureInfo.InvariantCulture, $"C-{index}", out written);
        json.WriteString("id"u8, text[..written]);
        json.WriteStartObject("substitution_data"u8);
        json.WriteString("first_name"u8, name);
        json.WriteBoolean("vip"u8, index % 5 == 0);
        json.WriteNumber("points"u8, 500 + index % 9_000);
        json.WriteStartArray("products"u8);
        for (var i = 0; i < _products; i++)
        {
            var product = Products[(index + i) % Products.Length];
            json.WriteStartObject();
            json.WriteString("slug"u8, product);
            json.WriteString("name"u8, product);
            json.WriteNumber("price"u8, 49 + (index + i) % 200);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Fill(StringBuilder html, int fill)
    {
        for (var done = 0; done < fill;)
        {
            var line = Math.Min(LineLength, fill - done);
            for (var i = 0; i < line - 1; i++)
                html.Append(Words[(done + i) % Words.Length]);
            html.Append('\n');
            done += line;
        }
    }
}
