using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Jobs.FollowUps;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>From JSON to a <see cref="SendJob"/>, with every fault named by its field. A recipient's fault rejects that recipient only.</summary>
internal static class SendJobParser
{
    private const int MaxDataBytes = 256 << 10;

    /// <summary>Null where the job as a whole cannot be taken: <paramref name="errors"/> says why.</summary>
    public static SendJob? Parse(JsonElement body, int maxRecipients, List<FieldError> errors, List<RejectedRecipient> rejected, List<int> indexes)
    {
        if (RequestObject.Open(body, "", errors) is not { } root)
            return null;
        var campaign = root.Line("campaign_id", EventLimits.UpstreamIdBytes) ?? "";
        var returnPath = Address(root, "return_path");
        var content = root.TryGet("content", out var contentElement) ? ContentParser.Parse(contentElement, returnPath, errors) : Missing(root, "content");
        var options = root.TryGet("options", out var optionsElement) ? OptionsParser.Parse(optionsElement, errors) : new JobOptions();
        var data = root.Data("substitution_data", MaxDataBytes);
        var metadata = root.Data("metadata", EventLimits.MetadataBytes);
        var open = root.IsNull("recipients");
        AudienceRequest? audience = null;
        List<JobRecipient> recipients = [];
        if (root.TryGet("recipients", out var given) && given.ValueKind == JsonValueKind.Object)
            audience = AudienceParser.Parse(given, errors);
        else if (!open)
            recipients = Recipients(root, maxRecipients, errors, rejected, indexes);
        root.RefuseUnknown();
        if (errors.Count > 0 || content is null)
            return null;
        return new SendJob
        {
            CampaignId = campaign,
            Content = content,
            Options = options,
            SubstitutionData = data,
            Metadata = metadata,
            Recipients = recipients,
            IsOpen = open,
            Audience = audience,
        };
    }

    private static MessageContent? Missing(RequestObject root, string name)
    {
        root.Fault(name, "is missing");
        return null;
    }

    internal static string? Address(RequestObject owner, string name)
    {
        if (owner.Text(name, MailboxParser.MaxAddressText) is not { } address)
            return null;
        if (RecipientAddress.Fault(address) is { } fault)
            owner.Fault(name, fault);
        return address;
    }

    private static List<JobRecipient> Recipients(
        RequestObject root, int maxRecipients, List<FieldError> errors, List<RejectedRecipient> rejected, List<int> indexes)
    {
        var recipients = new List<JobRecipient>();
        if (!root.TryGet("recipients", out var array))
        {
            root.Fault("recipients", "is missing: give an array of recipients, or null to open a job and upload them to /v1/jobs/{id}/recipients");
            return recipients;
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            root.Fault("recipients", "must be an array with at least one recipient, or {\"audience\": …}");
            return recipients;
        }

        if (array.GetArrayLength() > maxRecipients)
        {
            root.Fault("recipients", $"has {array.GetArrayLength()} recipients, more than the {maxRecipients} of one call: open a job with \"recipients\": null and upload them to /v1/jobs/{{id}}/recipients");
            return recipients;
        }

        var index = 0;
        var faults = new List<FieldError>();
        foreach (var element in array.EnumerateArray())
        {
            faults.Clear();
            if (RecipientParser.Parse(element, faults) is { } recipient)
            {
                recipients.Add(recipient);
                indexes.Add(index);
            }
            else
            {
                rejected.Add(new RejectedRecipient(index, RecipientParser.EmailOf(element), RecipientParser.Reason(faults)));
            }

            index++;
        }

        return recipients;
    }
}
