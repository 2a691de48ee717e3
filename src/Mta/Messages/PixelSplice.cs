using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Where the open pixel stands.</summary>
internal sealed class PixelSplice : TemplateSplice
{
    public override TemplateNode Create(TemplateNode[] children) => new PixelNode();

    public static void AddTo(List<TemplateToken> output, int offset)
    {
        var splice = new PixelSplice();
        output.Add(new TemplateToken(TokenKind.SpliceOpen, offset, offset, "") { Splice = splice });
        output.Add(new TemplateToken(TokenKind.SpliceClose, offset, offset, "") { Splice = splice });
    }
}
