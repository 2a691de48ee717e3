using Delivery.Mta.Templates;

namespace Delivery.Micro.Operations;

/// <summary>The sample's HTML for one recipient, without links being signed.</summary>
internal sealed class TemplateRender : HotOperation
{
    private readonly Template _template;
    private readonly RenderState _state = new(new ByteBuffer(), new TemplateScope { RecipientData = Samples.Data });

    public TemplateRender()
    {
        if (!Template.TryCompile(Samples.Html, TemplateMode.Html, out _template!, out var error))
            throw new InvalidOperationException(error.ToString());
    }

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            _state.Output.Clear();
            if (!_template.TryRender(_state))
                throw new InvalidOperationException(_state.Failure.ToString());
        }
    }
}
