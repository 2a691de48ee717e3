using Delivery.Mta.Templates;

namespace Delivery.Mta.Specimens;

/// <summary>What the opening tag of a block says.</summary>
/// <param name="Name">if, unless, each, with, or a condition's name.</param>
/// <param name="Subject">The expression that each and with are about.</param>
/// <param name="Body">Which part is for when there is data: 0 before the else, 1 behind it.</param>
internal readonly record struct SpecimenBlock(string Name, string Subject, int Body)
{
    public bool IsLoop => Name == "each";

    public bool ChangesContext => Name is "each" or "with";

    public static SpecimenBlock Of(TemplateToken token)
    {
        var text = token.Text;
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '(')
            end++;
        return new SpecimenBlock(text[..end], text[end..].Trim(), token.Kind == TokenKind.OpenInverse ? 1 : 0);
    }
}
