namespace Delivery.Mta.Templates;

internal enum TokenKind
{
    Text,
    Comment,
    Output,
    RawOutput,
    OpenBlock,
    OpenInverse,
    Else,
    Close,
    SpliceOpen,
    SpliceClose,
}
