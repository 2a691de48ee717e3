namespace Delivery.Mta.Templates;

/// <summary>Computes a value from the evaluated parameters. Never throws; what makes no sense is missing.</summary>
internal delegate TemplateValue HelperFunction(RenderState state, ReadOnlySpan<TemplateValue> arguments);

/// <param name="IsCondition">Whether it answers yes or no, and may therefore open a block of its own.</param>
internal sealed record Helper(string Name, int MinArguments, int MaxArguments, bool IsCondition, HelperFunction Function);
