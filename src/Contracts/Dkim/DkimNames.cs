namespace Delivery.Contracts.Dkim;

/// <summary>Which domains and selectors a key can have (RFC 6376 section 3.1): they are parts of a DNS name, and of a path.</summary>
public static class DkimNames
{
    private const int MaxLabel = 63;

    /// <summary>Of <c>SELECTOR._domainkey.DOMAIN</c>.</summary>
    private const int MaxName = 253;

    /// <summary>At least two labels of lower-case letters, digits and '-', so that no key signs for a whole top-level domain.</summary>
    public static bool IsDomain(string domain) => domain.Contains('.', StringComparison.Ordinal) && AreLabels(domain, underscore: false);

    /// <summary>One or more labels of lower-case letters, digits, '-' and '_'.</summary>
    public static bool IsSelector(string selector) => AreLabels(selector, underscore: true);

    /// <summary>Where the public key stands in DNS.</summary>
    public static string RecordName(string domain, string selector) => $"{selector}._domainkey.{domain}";

    /// <summary>Null when both fit, else what is wrong.</summary>
    public static string? Check(string domain, string selector)
    {
        if (!IsDomain(domain))
            return $"'{domain}' is no domain: write it as example.com, in lower case, international names as xn--…";
        if (!IsSelector(selector))
            return $"'{selector}' is no selector: letters a to z, digits and '-', as in 2026a";
        return RecordName(domain, selector).Length > MaxName ? $"'{RecordName(domain, selector)}' is longer than the {MaxName} characters of a DNS name" : null;
    }

    private static bool AreLabels(string text, bool underscore)
    {
        if (text.Length is 0 or > MaxName)
            return false;
        foreach (var range in text.AsSpan().Split('.'))
        {
            var label = text.AsSpan()[range];
            if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-' && !(underscore && c == '_'))
                    return false;
            }
        }

        return true;
    }
}
