using System.Globalization;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>An RFC 3463 status with <c>*</c> for any number: <c>5.1.1</c>, <c>4.7.*</c>, <c>*.7.26</c>.</summary>
internal readonly record struct StatusPattern(short Class, short Subject, short Detail)
{
    private const short Any = -1;

    public static bool TryParse(string text, out StatusPattern pattern)
    {
        pattern = default;
        var parts = text.Split('.');
        if (parts.Length != 3 || !TryPart(parts[0], out var kind) || !TryPart(parts[1], out var subject) || !TryPart(parts[2], out var detail))
            return false;
        pattern = new StatusPattern(kind, subject, detail);
        return kind is Any or 4 or 5;
    }

    public bool Matches(EnhancedStatus status) =>
        status.IsPresent && (Class == Any || Class == status.Class) && (Subject == Any || Subject == status.Subject) && (Detail == Any || Detail == status.Detail);

    private static bool TryPart(string text, out short number)
    {
        number = Any;
        return text == "*" || (text.Length <= 3 && short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }
}
