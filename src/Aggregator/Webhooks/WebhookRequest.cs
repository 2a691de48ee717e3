using System.Text.Json;

namespace Delivery.Aggregator.Webhooks;

/// <summary>The body of a call that makes or changes a webhook. What is not given is null.</summary>
internal sealed class WebhookRequest
{
    private const int MaxCampaign = 255;
    private const string Fields = "url, events, campaign_id, enabled";

    public string? Url { get; private set; }

    public IReadOnlyList<string>? Events { get; private set; }

    /// <summary>Whether a campaign is given, and which; null for the jobs of all.</summary>
    public (string? Id, bool Given) Campaign { get; private set; }

    public bool? Enabled { get; private set; }

    /// <summary>Whether a new webhook is to have all events that there are.</summary>
    public bool FromBeginning { get; private set; }

    /// <summary>Reads a body; the fault names the field and what to do.</summary>
    /// <param name="isNew">The webhook is being made: <c>url</c> is needed, <c>from</c> is taken.</param>
    public static (WebhookRequest Request, string? Fault) Read(JsonElement body, TargetRules rules, bool isNew)
    {
        var request = new WebhookRequest();
        if (body.ValueKind != JsonValueKind.Object)
            return (request, "body: send a JSON object such as {\"url\": \"https://example.com/hooks\"}.");
        foreach (var field in body.EnumerateObject())
        {
            if (request.Take(field, rules, isNew) is { } fault)
                return (request, fault);
        }

        return (request, isNew && request.Url is null ? "url: missing; give the address of the receiver."
            : !isNew && request is { Url: null, Events: null, Enabled: null, Campaign.Given: false } ? $"body: nothing to change; give one of {Fields}."
            : null);
    }

    private string? Take(JsonProperty field, TargetRules rules, bool isNew) => field.Name switch
    {
        "url" => TakeUrl(field.Value, rules),
        "events" => TakeEvents(field.Value),
        "campaign_id" => TakeCampaign(field.Value),
        "enabled" => TakeEnabled(field.Value),
        "from" when isNew => TakeFrom(field.Value),
        _ => $"'{Shown(field.Name)}' is not known: use {Fields}{(isNew ? ", from" : "")}.",
    };

    private string? TakeUrl(JsonElement value, TargetRules rules)
    {
        if (value.ValueKind != JsonValueKind.String)
            return "url: give a text.";
        Url = value.GetString()!;
        return rules.Fault(Url) is { } fault ? $"url: {fault}." : null;
    }

    private string? TakeEvents(JsonElement value)
    {
        var all = string.Join(", ", EventNames.All);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            return $"events: give a list of {all}; leave it out for all.";
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in value.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.String || !EventNames.IsOne(one.GetString()!))
                return $"events: '{Shown(one.ToString())}' is no event: use {all}.";
            names.Add(one.GetString()!);
        }

        Events = [.. EventNames.All.Where(names.Contains)];
        return null;
    }

    private string? TakeCampaign(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null) || value.ValueKind == JsonValueKind.String && value.GetString()!.Length is 0 or > MaxCampaign)
            return $"campaign_id: give 1 to {MaxCampaign} characters, or null for the jobs of all campaigns.";
        Campaign = (value.GetString(), true);
        return null;
    }

    private string? TakeEnabled(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return "enabled: give true or false.";
        Enabled = value.GetBoolean();
        return null;
    }

    private string? TakeFrom(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        FromBeginning = text == "beginning";
        return text is "beginning" or "now" ? null : "from: give \"now\" (what happens from here on) or \"beginning\" (all that is kept).";
    }

    private static string Shown(string text) => new([.. text.Take(60).Select(c => char.IsControl(c) ? ' ' : c)]);
}
