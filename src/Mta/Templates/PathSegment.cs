using System.Globalization;
using System.Text;

namespace Delivery.Mta.Templates;

/// <summary>One name of a path, ready for look-ups by UTF-8 name or by array index.</summary>
internal sealed class PathSegment
{
    public PathSegment(string name)
    {
        Name = Encoding.UTF8.GetBytes(name);
        Index = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;
        BuiltIn = name switch
        {
            "address" => BuiltIn.Address,
            "email" => BuiltIn.Email,
            "name" => BuiltIn.Name,
            "recipient_id" => BuiltIn.RecipientId,
            "unsubscribe_url" => BuiltIn.UnsubscribeUrl,
            "metadata" => BuiltIn.Metadata,
            "length" => BuiltIn.Length,
            _ => BuiltIn.None,
        };
    }

    public byte[] Name { get; }

    /// <summary>The name as an array index, or -1.</summary>
    public int Index { get; }

    public BuiltIn BuiltIn { get; }
}
