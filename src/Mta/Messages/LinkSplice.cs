using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Makes a link's node of two token lists: the first is the URL as the template has it, the second the URL with
/// entities decoded. The first leaves nothing behind, the second the node.
/// </summary>
internal sealed class LinkSplice(FoundLink link, bool html) : TemplateSplice
{
    private static readonly TextNode Nothing = new([]);
    private TemplateNode[]? _original;

    public override TemplateNode Create(TemplateNode[] children)
    {
        if (_original is null)
        {
            _original = children;
            return Nothing;
        }
        var constant = ConstantUrl();
        if (link.IsTracked || constant is null)
            return new LinkNode(link, constant, children, _original, html);
        var plain = new ByteBuffer();
        PlainUrl.Write(constant, html, plain);
        return new TextNode(plain.Written.ToArray());
    }

    /// <summary>Wraps the URL's tokens.</summary>
    /// <param name="html">Whether it is written into HTML, else into text.</param>
    public static void AddTo(List<TemplateToken> output, FoundLink link, List<TemplateToken> original, bool html)
    {
        var splice = new LinkSplice(link, html);
        Add(output, splice, link, original);
        Add(output, splice, link, link.Decoded);
    }

    private static void Add(List<TemplateToken> output, LinkSplice splice, FoundLink link, List<TemplateToken> tokens)
    {
        output.Add(new TemplateToken(TokenKind.SpliceOpen, link.Start, link.Start, "") { Splice = splice });
        output.AddRange(tokens);
        output.Add(new TemplateToken(TokenKind.SpliceClose, link.End, link.End, "") { Splice = splice });
    }

    private byte[]? ConstantUrl()
    {
        if ((!link.IsTracked && link.Tags is null) || !link.IsConstant)
            return null;
        var url = new ByteBuffer();
        if (DestinationUrl.Read(Encoding.UTF8.GetBytes(link.Url), url) != LinkTarget.Web)
            return null;
        link.Tags?.AddTo(url);
        return url.Written.ToArray();
    }
}
