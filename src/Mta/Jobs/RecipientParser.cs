using System.Text.Json;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Jobs;

/// <summary>Reads one recipient. Its faults reject it alone.</summary>
internal static class RecipientParser
{
    private const int MaxReasons = 5;
    private const int MaxDataBytes = 256 << 10;

    /// <summary>Null where <paramref name="faults"/> says why.</summary>
    public static JobRecipient? Parse(JsonElement element, List<FieldError> faults)
    {
        if (RequestObject.Open(element, "recipient", faults) is not { } recipient)
            return null;
        var address = recipient.TryGet("address", out var addressElement)
            ? MailboxParser.Parse(addressElement, "recipient.address", faults)
            : Missing(recipient);
        var id = recipient.Line("id", EventLimits.UpstreamIdBytes);
        var variant = recipient.Line("variant", EventLimits.WordBytes);
        var data = recipient.Data("substitution_data", MaxDataBytes);
        var metadata = recipient.Data("metadata", EventLimits.MetadataBytes);
        recipient.RefuseUnknown();
        if (faults.Count > 0)
            return null;
        return new JobRecipient { Address = address!, Id = id, Variant = variant, SubstitutionData = data, Metadata = metadata };
    }

    /// <summary>The faults in one line.</summary>
    public static string Reason(List<FieldError> faults) =>
        string.Join("; ", faults.Take(MaxReasons).Select(fault => $"{(fault.Field.StartsWith("recipient.", StringComparison.Ordinal) ? fault.Field[10..] : fault.Field)} {fault.Message}"));

    /// <summary>The address as it was given, cut to a bound, or null where there is none.</summary>
    public static string? EmailOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("address", out var address))
            return null;
        if (address.ValueKind == JsonValueKind.Object && !address.TryGetProperty("email", out address))
            return null;
        return address.ValueKind == JsonValueKind.String && RequestObject.TryText(address, out var email) ? email[..Math.Min(email.Length, MailboxParser.MaxAddressText)] : null;
    }

    private static Messages.Mailbox? Missing(RequestObject recipient)
    {
        recipient.Fault("address", "is missing");
        return null;
    }
}
