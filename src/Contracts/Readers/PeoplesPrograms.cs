namespace Delivery.Contracts.Readers;

/// <summary>
/// Patterns of the public list that also fit programs in which people read: browsers inside other programs, a telephone, and curl, with
/// which people try out a mail and scanners do not follow links. They are left out of the list.
/// </summary>
internal static class PeoplesPrograms
{
    public static IReadOnlySet<string> Patterns { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "MetaIAB Facebook", "WhatsApp", "Viber", "Butterfly", "Sogou", "Instapaper\\/", "Code\\/1\\.", "Trae\\/", "Salesforce\\.com",
        "Asana\\/", "Valve\\/Steam", "Goodreads", "Grammarly\\/", "Fluid", "Chirp|gotosocial", "HttpUrlConnection", "^curl", "mail\\.ru", "Synapse",
    };
}
