using System.Collections.Frozen;
using System.Text.Json;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Outcomes;

/// <summary>Bounce classes by the names that rules, the API and ClickHouse use, such as <c>invalid_recipient</c>.</summary>
internal static class BounceClassNames
{
    private static readonly FrozenDictionary<string, BounceClass> Values =
        Enum.GetValues<BounceClass>().ToFrozenDictionary(Of, StringComparer.Ordinal);

    public static string Of(BounceClass value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static bool TryParse(string name, out BounceClass value) => Values.TryGetValue(name, out value);
}
