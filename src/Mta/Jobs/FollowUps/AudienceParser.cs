using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Jobs.FollowUps;

/// <summary>Reads <c>recipients.audience</c>: the same conditions as the reports' <c>GET /v1/jobs/{id}/audience</c>, as JSON.</summary>
internal static class AudienceParser
{
    /// <summary>65535 is the link that no person can see.</summary>
    private const uint MostNumber = ushort.MaxValue - 1;

    /// <summary>Numbers of one condition.</summary>
    private const int MostNumbers = 50;
    private const int MaxDomain = 253;

    private static readonly string[] Flags = ["accepted", "delivered", "bounced", "dropped", "expired", "opened", "clicked", "unsubscribed", "complained"];
    private static readonly string[] Numbered = ["clicked_position", "not_clicked_position", "clicked_link", "not_clicked_link"];

    /// <param name="recipients">The field <c>recipients</c>, an object.</param>
    /// <returns>Null, and an error, where it does not fit.</returns>
    public static AudienceRequest? Parse(JsonElement recipients, List<FieldError> errors)
    {
        var before = errors.Count;
        if (RequestObject.Open(recipients, "recipients", errors) is not { } holder)
            return null;
        var audience = holder.Object("audience", required: true);
        holder.RefuseUnknown();
        if (audience is null)
            return null;
        var job = Job(audience);
        var query = new StringBuilder();
        foreach (var name in Flags)
        {
            if (audience.TryGet(name, out var value))
                AddFlag(audience, name, value, query);
        }

        foreach (var name in Numbered)
        {
            if (audience.TryGet(name, out var value))
                AddNumbers(audience, name, value, query);
        }

        if (audience.Line("variant", EventLimits.WordBytes) is { } variant)
            Add(query, "variant", variant);
        if (audience.Line("domain", MaxDomain) is { } domain)
        {
            if (domain.Length == 0 || domain.Contains('@', StringComparison.Ordinal))
                audience.Fault("domain", "must be a domain such as example.com (bücher.example is xn--bcher-kva.example)");
            Add(query, "domain", domain);
        }

        audience.RefuseUnknown();
        return errors.Count > before ? null : new AudienceRequest(job, query.ToString());
    }

    private static ulong Job(RequestObject audience)
    {
        if (audience.Text("job", 20, required: true) is not { } text)
            return 0;
        if (!JobIds.TryParse(text, out var job))
            audience.Fault("job", "must be the id of a job, a decimal number in quotes");
        return job;
    }

    private static void AddFlag(RequestObject audience, string name, JsonElement value, StringBuilder query)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            audience.Fault(name, "must be true or false");
        else if (name == "accepted" && value.ValueKind == JsonValueKind.False)
            audience.Fault(name, "is true for everybody of a job: leave it out");
        else
            Add(query, name, value.GetBoolean() ? "true" : "false");
    }

    /// <summary>One number, or a list of them.</summary>
    private static void AddNumbers(RequestObject audience, string name, JsonElement value, StringBuilder query)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            AddNumber(audience, name, value, query);
            return;
        }

        if (value.GetArrayLength() is 0 or > MostNumbers)
        {
            audience.Fault(name, $"must have 1 to {MostNumbers} numbers");
            return;
        }

        foreach (var one in value.EnumerateArray())
        {
            if (!AddNumber(audience, name, one, query))
                return;
        }
    }

    private static bool AddNumber(RequestObject audience, string name, JsonElement value, StringBuilder query)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number) && number is >= 1 and <= MostNumber)
        {
            Add(query, name, number.ToString(CultureInfo.InvariantCulture));
            return true;
        }

        audience.Fault(name, $"must be a whole number from 1 to {MostNumber}, or a list of them");
        return false;
    }

    private static void Add(StringBuilder query, string name, string value) =>
        query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
}
