using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Where a node stands that the template itself does not have.</summary>
internal sealed class NodeSplice(TemplateNode node) : TemplateSplice
{
    public override TemplateNode Create(TemplateNode[] children) => node;

    public static void AddTo(List<TemplateToken> output, TemplateNode node, int offset)
    {
        var splice = new NodeSplice(node);
        output.Add(new TemplateToken(TokenKind.SpliceOpen, offset, offset, "") { Splice = splice });
        output.Add(new TemplateToken(TokenKind.SpliceClose, offset, offset, "") { Splice = splice });
    }
}
