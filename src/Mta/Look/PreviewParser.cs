using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Look;

/// <summary>From JSON to a <see cref="PreviewRequest"/>, with every fault named by its field. A recipient's fault is its own.</summary>
internal static class PreviewParser
{
    public const int MaxRecipients = 100;

    /// <summary>Null where <paramref name="errors"/> says why. <paramref name="faults"/> gets one entry a recipient: null where it is sound.</summary>
    public static PreviewRequest? Parse(JsonElement body, List<FieldError> errors, List<FieldError?> faults)
    {
        if (RequestObject.Open(body, "", errors) is not { } root)
            return null;
        var campaign = root.Line("campaign_id", EventLimits.UpstreamIdBytes);
        var returnPath = SendJobParser.Address(root, "return_path");
        if (!root.TryGet("content", out var element))
            root.Fault("content", "is missing");
        var content = element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : ContentParser.Parse(element, returnPath, errors);
        var options = root.TryGet("options", out var optionsElement) ? OptionsParser.Parse(optionsElement, errors) : new JobOptions();
        var data = root.Data("substitution_data", FieldValue.MaxDataBytes);
        var metadata = root.Data("metadata", EventLimits.MetadataBytes);
        var recipients = Recipients(root, faults);
        root.RefuseUnknown();
        if (errors.Count > 0 || content is null)
            return null;
        return new PreviewRequest
        {
            CampaignId = campaign,
            Content = content,
            Options = options,
            SubstitutionData = data,
            Metadata = metadata,
            Recipients = recipients,
        };
    }

    private static List<JobRecipient>? Recipients(RequestObject root, List<FieldError?> faults)
    {
        if (!root.TryGet("recipients", out var array))
            return null;
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > MaxRecipients)
        {
            root.Fault("recipients", $"must be an array of 1 to {MaxRecipients} recipients, or absent");
            return null;
        }

        var recipients = new List<JobRecipient>();
        var found = new List<FieldError>();
        foreach (var element in array.EnumerateArray())
        {
            found.Clear();
            if (RecipientParser.Parse(element, found) is { } recipient)
            {
                recipients.Add(recipient);
                faults.Add(null);
            }
            else
            {
                faults.Add(new FieldError($"recipients[{faults.Count}]", RecipientParser.Reason(found)));
            }
        }

        return recipients;
    }
}
