namespace Delivery.Mta.Templates;

/// <summary>Why a render stopped. The bounds are those of <see cref="TemplateLimits"/>.</summary>
internal enum RenderFailure
{
    None,
    OutputTooLarge,
    TooManySteps,
}
