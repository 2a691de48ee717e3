namespace Delivery.Mta.Templates;

/// <summary>
/// A place in the token list where a node from outside the dialect takes over what stands between
/// <see cref="TokenKind.SpliceOpen"/> and <see cref="TokenKind.SpliceClose"/>.
/// </summary>
internal abstract class TemplateSplice
{
    public abstract TemplateNode Create(TemplateNode[] children);
}
