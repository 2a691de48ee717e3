using System.Text;
using System.Text.Json;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>Makes the specimen of a job's content: of its HTML, or of its text where it has no HTML. Thread-safe.</summary>
internal static class SpecimenMaker
{
    private static readonly string[] RightToLeft = ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku", "ps", "sd", "ug", "ur", "yi"];

    /// <param name="content">It compiles with these options.</param>
    /// <param name="jobData">The job's own substitution data; undefined for none.</param>
    /// <param name="jobMetadata">As <paramref name="jobData"/>.</param>
    public static Specimen Make(MessageContent content, ComposeOptions options, JsonElement jobData, JsonElement jobMetadata)
    {
        var values = new SpecimenValues(jobData, jobMetadata, new TrackerUrls(options.TrackerBaseUrl).Unsubscribe);
        var output = new SpecimenOutput();
        var links = new LinkTable(options.ClickTracking, UtmTags.Of(options.Utm));
        var language = Constant(content.Language, values);
        var direction = "";
        if (!string.IsNullOrEmpty(content.Html))
        {
            Template.TryTokenize(content.Html, out var tokens, out _);
            var pieces = HtmlTokenizer.Tokenize(SourceMask.Apply(content.Html, tokens));
            HtmlLinks.Find(content.Html, tokens, pieces, links);
            var html = new SpecimenHtml(content.Html, tokens, pieces, links.Found, values, output);
            html.Write();
            direction = html.Direction;
            language = language.Length > 0 ? language : WellFormed(html.Language);
        }
        else
        {
            Template.TryTokenize(content.Text ?? "", out var tokens, out _);
            TextLinks.Find(content.Text ?? "", tokens, links);
            SpecimenText.Write(content.Text ?? "", tokens, links.Found, values, output);
            direction = language.Length == 0 && BeginsRightToLeft(content.Text ?? "") ? "rtl" : "";
        }

        return new Specimen(output.ToUtf8(), output.IsFull, language, IsRightToLeft(direction, language));
    }

    private static string Constant(string? language, SpecimenValues values)
    {
        if (string.IsNullOrEmpty(language) || !Template.TryTokenize(language, out var tokens, out _))
            return "";
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Text)
                text.Append(token.Text);
            else if (token.Kind is TokenKind.Output or TokenKind.RawOutput)
                text.Append(values.Of(token.Text, placeholder: false));
        }

        return WellFormed(text.ToString().Trim());
    }

    private static string WellFormed(string tag) => LanguageTag.IsWellFormed(Encoding.UTF8.GetBytes(tag)) ? tag : "";

    private static bool IsRightToLeft(string direction, string language)
    {
        if (direction.Length > 0)
            return direction.Equals("rtl", StringComparison.OrdinalIgnoreCase);
        var primary = language.Split('-', '_')[0];
        return Array.Exists(RightToLeft, known => known.Equals(primary, StringComparison.OrdinalIgnoreCase));
    }

    private static bool BeginsRightToLeft(string text)
    {
        foreach (var c in text)
        {
            if (c is >= '\u0590' and <= '\u08FF')
                return true;
            if (char.IsLetter(c) && c > '\u007F')
                return false;
        }

        return false;
    }
}
