namespace Delivery.Mta.Templates;

internal enum ExpressionTokenKind
{
    Word,
    Quoted,
    Open,
    Close,
    End,
}

/// <summary>A word is a path, a name, a number or a keyword; a quoted token is a string without its quotes.</summary>
internal readonly record struct ExpressionToken(ExpressionTokenKind Kind, string Text, int Offset);
