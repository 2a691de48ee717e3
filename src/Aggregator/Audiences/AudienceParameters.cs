using System.Globalization;

namespace Delivery.Aggregator.Audiences;

/// <summary>Reads an audience from the query of a request. The first thing that is wrong is the fault.</summary>
internal static class AudienceParameters
{
    /// <summary>Conditions of one request: each costs a look at the roll-ups.</summary>
    public const int MostConditions = 64;

    /// <summary>65535 is the link that no person can see.</summary>
    private const int MostNumber = ushort.MaxValue - 1;
    private const int MostDomain = 253;
    private const int MostVariant = 128;

    private static readonly Dictionary<string, AudienceDeed> Flags = new()
    {
        ["delivered"] = AudienceDeed.Delivered,
        ["bounced"] = AudienceDeed.Bounced,
        ["dropped"] = AudienceDeed.Dropped,
        ["expired"] = AudienceDeed.Expired,
        ["opened"] = AudienceDeed.Opened,
        ["clicked"] = AudienceDeed.Clicked,
        ["unsubscribed"] = AudienceDeed.Unsubscribed,
        ["complained"] = AudienceDeed.Complained,
    };

    private static readonly Dictionary<string, (AudienceDeed Deed, bool Wanted)> Numbered = new()
    {
        ["clicked_position"] = (AudienceDeed.ClickedPosition, true),
        ["not_clicked_position"] = (AudienceDeed.ClickedPosition, false),
        ["clicked_link"] = (AudienceDeed.ClickedLink, true),
        ["not_clicked_link"] = (AudienceDeed.ClickedLink, false),
    };

    /// <summary>Null, with what is wrong, naming the parameter and what it may be.</summary>
    /// <param name="others">Parameters that are read elsewhere.</param>
    public static Audience? Read(IQueryCollection query, ReadOnlySpan<string> others, out string? fault)
    {
        var conditions = new List<AudienceCondition>();
        string? variant = null, domain = null;
        fault = null;
        foreach (var (name, values) in query)
        {
            if (others.Contains(name))
                continue;
            if (Numbered.TryGetValue(name, out var numbered))
            {
                foreach (var value in values)
                {
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MostNumber)
                        fault ??= $"'{name}' is '{Short(value)}'; give a number from 1 to {MostNumber}.";
                    else
                        conditions.Add(new AudienceCondition(numbered.Deed, (ushort)number, numbered.Wanted));
                }
            }
            else if (values.Count > 1)
            {
                fault ??= $"'{Short(name)}' is given {values.Count} times; give it once.";
            }
            else if (Flags.TryGetValue(name, out var deed))
            {
                if (values.ToString() is not ("true" or "false"))
                    fault ??= $"'{name}' is '{Short(values)}'; give true or false.";
                conditions.Add(new AudienceCondition(deed, 0, values == "true"));
            }
            else if (name == "accepted")
            {
                if (values != "true")
                    fault ??= "'accepted' is true for everybody of a job; leave it out.";
            }
            else if (name == "variant")
            {
                variant = values.ToString();
                if (variant.Length > MostVariant)
                    fault ??= $"'variant' is longer than {MostVariant} letters.";
            }
            else if (name == "domain")
            {
                domain = values.ToString().ToLowerInvariant();
                if (domain.Length is 0 or > MostDomain || domain.Contains('@'))
                    fault ??= "'domain' must be a domain such as example.com (bücher.example is xn--bcher-kva.example).";
            }
            else
            {
                fault ??= $"'{Short(name)}' is not known here; known are {string.Join(", ", [.. Flags.Keys, .. Numbered.Keys, "variant", "domain", .. others])}.";
            }
        }

        if (conditions.Count > MostConditions)
            fault ??= $"These are {conditions.Count} conditions, more than {MostConditions}.";
        return fault is null ? new Audience([.. conditions.Distinct()], variant, domain) : null;
    }

    private static string Short(string? text) => text is null ? "" : text.Length <= 100 ? text : text[..100] + "…";
}
