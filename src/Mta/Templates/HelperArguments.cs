using System.Runtime.CompilerServices;

namespace Delivery.Mta.Templates;

/// <summary>The evaluated parameters of one helper call, on the stack.</summary>
[InlineArray(TemplateLimits.MaxParameters)]
internal struct HelperArguments
{
    private TemplateValue _first;
}
