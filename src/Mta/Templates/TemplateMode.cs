namespace Delivery.Mta.Templates;

/// <summary>What <c>{{x}}</c> writes: HTML-escaped text, or the value as it is.</summary>
internal enum TemplateMode
{
    Html,
    Text,
}
