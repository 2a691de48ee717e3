using System.Globalization;
using System.Text;

namespace Delivery.Mta.Specimens;

/// <summary>Writes one start tag, of an element that a specimen may have: quoted, escaped, each attribute once.</summary>
internal sealed class SpecimenTag(string name)
{
    private readonly StringBuilder _tag = new StringBuilder("<").Append(name);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether an attribute of this name goes into the tag now.</summary>
    public bool Takes(string attribute) => SafeHtml.IsAttribute(name, attribute) && !_seen.Contains(attribute);

    /// <param name="attribute">One that it takes.</param>
    /// <param name="value">Of any characters, references decoded.</param>
    public void Add(string attribute, string value)
    {
        _seen.Add(attribute);
        if (attribute == "style")
            value = SafeCss.Clean(value);
        _tag.Append(' ').Append(attribute).Append("=\"").Append(SpecimenOutput.Escape(value)).Append('"');
    }

    public void AddPosition(ushort position) =>
        _tag.Append(CultureInfo.InvariantCulture, $" data-position=\"{position}\"");

    public override string ToString() => _tag.ToString() + ">";
}
