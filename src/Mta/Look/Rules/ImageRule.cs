using System.Text;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look.Rules;

/// <summary>Images without a text for those who do not see them, or whose source no mail reader can fetch.</summary>
internal sealed class ImageRule : Rule
{
    private const string Field = "content.html";
    private const int MaxShown = 200;

    public override void Look(LookMail mail, Findings findings)
    {
        foreach (var piece in mail.Pieces)
        {
            if (piece is not { Kind: HtmlTokenKind.StartTag, Name: "img" })
                continue;
            var source = (mail.Attribute(piece, "src") ?? "").Trim();
            var key = mail.Content.Source.Html?.Contains(source, StringComparison.Ordinal) == true ? source : "";
            var shown = source.Length <= MaxShown ? source : source[..MaxShown] + "…";
            if (mail.Attribute(piece, "alt") is null)
                findings.Add("image_without_alt", Severity.Warning, Field, $"the image '{shown}' has no alt text: write alt=\"\" where it says nothing", key);
            if (!source.Contains("{{", StringComparison.Ordinal))
                LookAtSource(mail, source, shown, key, findings);
        }
    }

    private static void LookAtSource(LookMail mail, string source, string shown, string key, Findings findings)
    {
        if (source.Length == 0)
        {
            if (mail.HasData)
                findings.Add("image_without_source", Severity.Warning, Field, "an image has no src", key);
        }
        else if (source.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add("image_not_https", Severity.Info, Field, $"the image '{shown}' is not encrypted: some readers do not show it", key);
        }
        else if (source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            if (!IsInline(mail.Message.Span, source[4..]))
                findings.Add("image_not_inline", Severity.Warning, Field, $"the image '{shown}' is not in the mail", key);
        }
        else if (source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add("image_data", Severity.Warning, Field, "an image stands in the HTML as data:, which many readers do not show", "data:");
        }
        else if (!source.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add("image_without_scheme", Severity.Warning, Field, $"the image '{shown}' cannot be fetched: write the whole address, with https://", key);
        }
    }

    private static bool IsInline(ReadOnlySpan<byte> message, string id) =>
        message.IndexOf(Encoding.UTF8.GetBytes($"\nContent-ID: <{Uri.UnescapeDataString(id)}>")) >= 0;
}
