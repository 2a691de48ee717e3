using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>From JSON to a <see cref="SendJob"/>, with every fault named by its field. A recipient's fault rejects that recipient only.</summary>
internal static class SendJobParser
{
    private const int MaxAddressText = 320;
    private const int MaxHeaders = 50;
    private const int MaxReasons = 5;
    private const int MaxContentBytes = 1 << 20;
    private const int MaxDataBytes = 256 << 10;

    /// <summary>Null where the job as a whole cannot be taken: <paramref name="errors"/> says why.</summary>
    public static SendJob? Parse(JsonElement body, int maxRecipients, List<FieldError> errors, List<RejectedRecipient> rejected, List<int> indexes)
    {
        if (RequestObject.Open(body, "", errors) is not { } root)
            return null;
        var campaign = root.Line("campaign_id", EventLimits.UpstreamIdBytes) ?? "";
        var returnPath = Address(root, "return_path");
        var content = root.TryGet("content", out var contentElement) ? Content(contentElement, returnPath, errors) : Missing(root, "content");
        var options = root.TryGet("options", out var optionsElement) ? Options(optionsElement, errors) : new JobOptions();
        var data = root.Data("substitution_data", MaxDataBytes);
        var metadata = root.Data("metadata", EventLimits.MetadataBytes);
        var recipients = Recipients(root, maxRecipients, errors, rejected, indexes);
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
        };
    }

    /// <summary>Reads <c>content</c>; also what the spool kept of a job.</summary>
    public static MessageContent? Content(JsonElement element, string? returnPath, List<FieldError> errors)
    {
        if (RequestObject.Open(element, "content", errors) is not { } content)
            return null;
        var before = errors.Count;
        var from = content.TryGet("from", out var fromElement)
            ? Mailbox(fromElement, "content.from", errors)
            : Fault(content, "from", "is missing: give {\"email\": …, \"name\": …}");
        var replyTo = content.Line("reply_to", MaxAddressText);
        var subject = content.Text("subject", EventLimits.SubjectBytes * 4, required: true);
        var html = content.Text("html", MaxContentBytes);
        var text = content.Text("text", MaxContentBytes);
        if (string.IsNullOrEmpty(html) && string.IsNullOrEmpty(text) && errors.Count == before)
            content.Fault("html", "is missing, and so is content.text: give at least one of them");
        var headers = Headers(content);
        content.RefuseUnknown();
        if (errors.Count > before)
            return null;
        return new MessageContent
        {
            From = from!,
            ReplyTo = replyTo,
            Subject = subject!,
            Html = string.IsNullOrEmpty(html) ? null : html,
            Text = string.IsNullOrEmpty(text) ? null : text,
            Headers = headers,
            ReturnPath = returnPath,
        };
    }

    /// <summary>Reads <c>options</c>; also what the spool kept of a job.</summary>
    public static JobOptions Options(JsonElement element, List<FieldError> errors)
    {
        if (RequestObject.Open(element, "options", errors) is not { } options)
            return new JobOptions();
        var read = new JobOptions
        {
            OpenTracking = options.Flag("open_tracking", otherwise: true),
            ClickTracking = options.Flag("click_tracking", otherwise: true),
        };
        options.RefuseUnknown();
        return read;
    }

    private static MessageContent? Missing(RequestObject root, string name)
    {
        root.Fault(name, "is missing");
        return null;
    }

    private static Mailbox? Fault(RequestObject owner, string name, string message)
    {
        owner.Fault(name, message);
        return null;
    }

    private static string? Address(RequestObject owner, string name)
    {
        if (owner.Text(name, MaxAddressText) is not { } address)
            return null;
        if (RecipientAddress.Fault(address) is { } fault)
            owner.Fault(name, fault);
        return address;
    }

    /// <summary><c>{"email": …, "name": …}</c>, or the address alone.</summary>
    private static Mailbox? Mailbox(JsonElement element, string path, List<FieldError> errors)
    {
        string? email, name = null;
        var before = errors.Count;
        if (element.ValueKind == JsonValueKind.String)
        {
            if (!RequestObject.TryText(element, out email))
                errors.Add(new FieldError(path, "must be a string of valid Unicode"));
        }
        else
        {
            if (RequestObject.Open(element, path, errors) is not { } mailbox)
                return null;
            email = mailbox.Text("email", MaxAddressText, required: true);
            name = mailbox.Line("name", MaxAddressText);
            mailbox.RefuseUnknown();
            path += ".email";
        }

        if (email is not null && RecipientAddress.Fault(email) is { } fault)
            errors.Add(new FieldError(path, fault));
        return errors.Count == before ? new Mailbox(email!, name) : null;
    }

    private static Dictionary<string, string> Headers(RequestObject content)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!content.TryGet("headers", out var element))
            return headers;
        if (element.ValueKind != JsonValueKind.Object)
        {
            content.Fault("headers", "must be a JSON object of names and values");
            return headers;
        }

        foreach (var header in element.EnumerateObject())
        {
            if (headers.Count == MaxHeaders)
            {
                content.Fault("headers", $"has more than {MaxHeaders} headers");
                break;
            }

            if (header.Value.ValueKind != JsonValueKind.String || !RequestObject.TryText(header.Value, out var value))
                content.Fault($"headers.{header.Name}", "must be a string of valid Unicode");
            else if (!headers.TryAdd(header.Name, value))
                content.Fault($"headers.{header.Name}", "is given twice");
        }
        return headers;
    }

    private static List<JobRecipient> Recipients(
        RequestObject root, int maxRecipients, List<FieldError> errors, List<RejectedRecipient> rejected, List<int> indexes)
    {
        var recipients = new List<JobRecipient>();
        if (!root.TryGet("recipients", out var array))
        {
            root.Fault("recipients", "is missing");
            return recipients;
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
        {
            root.Fault("recipients", "must be an array with at least one recipient");
            return recipients;
        }

        if (array.GetArrayLength() > maxRecipients)
        {
            root.Fault("recipients", $"has {array.GetArrayLength()} recipients, more than the {maxRecipients} of one call: send the rest as a further job");
            return recipients;
        }

        var index = 0;
        var faults = new List<FieldError>();
        foreach (var element in array.EnumerateArray())
        {
            faults.Clear();
            if (Recipient(element, faults) is { } recipient)
            {
                recipients.Add(recipient);
                indexes.Add(index);
            }
            else
            {
                rejected.Add(new RejectedRecipient(index, EmailOf(element), Reason(faults)));
            }

            index++;
        }

        return recipients;
    }

    private static JobRecipient? Recipient(JsonElement element, List<FieldError> faults)
    {
        if (RequestObject.Open(element, "recipient", faults) is not { } recipient)
            return null;
        var address = recipient.TryGet("address", out var addressElement)
            ? Mailbox(addressElement, "recipient.address", faults)
            : Fault(recipient, "address", "is missing");
        var id = recipient.Line("id", EventLimits.UpstreamIdBytes);
        var variant = recipient.Line("variant", EventLimits.WordBytes);
        var data = recipient.Data("substitution_data", MaxDataBytes);
        var metadata = recipient.Data("metadata", EventLimits.MetadataBytes);
        recipient.RefuseUnknown();
        if (faults.Count > 0)
            return null;
        return new JobRecipient { Address = address!, Id = id, Variant = variant, SubstitutionData = data, Metadata = metadata };
    }

    private static string Reason(List<FieldError> faults) =>
        string.Join("; ", faults.Take(MaxReasons).Select(fault => $"{(fault.Field.StartsWith("recipient.", StringComparison.Ordinal) ? fault.Field[10..] : fault.Field)} {fault.Message}"));

    private static string? EmailOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("address", out var address))
            return null;
        if (address.ValueKind == JsonValueKind.Object && !address.TryGetProperty("email", out address))
            return null;
        return address.ValueKind == JsonValueKind.String && RequestObject.TryText(address, out var email) ? email[..Math.Min(email.Length, MaxAddressText)] : null;
    }
}
