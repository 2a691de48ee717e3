namespace Delivery.Mta.Templates;

/// <summary>
/// A run of text or one tag of the source. <see cref="Start"/> and <see cref="End"/> are offsets into the source;
/// <see cref="Text"/> is the literal text, or what stands inside a tag without its braces and marks.
/// </summary>
internal sealed record TemplateToken(TokenKind Kind, int Start, int End, string Text)
{
    /// <summary>Offset in the source of the first character of <see cref="Text"/>.</summary>
    public int TextStart { get; init; }

    public bool StripLeft { get; init; }

    public bool StripRight { get; init; }

    public TemplateSplice? Splice { get; init; }

    public bool IsTag => Kind is not (TokenKind.Text or TokenKind.SpliceOpen or TokenKind.SpliceClose);

    public static TemplateToken OfText(string text, int start) =>
        new(TokenKind.Text, start, start + text.Length, text) { TextStart = start };
}
