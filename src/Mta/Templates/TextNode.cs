namespace Delivery.Mta.Templates;

internal sealed class TextNode(byte[] utf8) : TemplateNode
{
    public ReadOnlySpan<byte> Utf8 => utf8;

    public override bool Render(RenderState state)
    {
        state.Output.Write(utf8);
        return state.CheckOutput();
    }
}
