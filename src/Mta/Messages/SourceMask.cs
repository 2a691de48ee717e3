using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Hides the tags of a template behind a filler of the same length, so that an HTML tokenizer sees the offsets of
/// the source and none of the quotes and brackets of expressions.
/// </summary>
internal static class SourceMask
{
    /// <summary>A noncharacter, which no text contains.</summary>
    public const char Filler = '\uFFFF';

    public static string Apply(string source, List<TemplateToken> tokens)
    {
        var masked = source.ToCharArray();
        foreach (var token in tokens)
        {
            if (token.IsTag)
                masked.AsSpan(token.Start, token.End - token.Start).Fill(Filler);
        }
        return new string(masked);
    }
}
