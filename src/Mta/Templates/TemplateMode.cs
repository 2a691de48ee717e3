namespace Delivery.Mta.Templates;

/// <summary>What <c>{{x}}</c> and <c>{{{x}}}</c> write.</summary>
internal enum TemplateMode
{
    /// <summary>HTML-escaped text; the value as it is.</summary>
    Html,

    /// <summary>Both the value as it is.</summary>
    Text,

    /// <summary>Text that was made from HTML: the value as it is; the value without its markup.</summary>
    TextOfHtml,
}
