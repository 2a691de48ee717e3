using System.Runtime.InteropServices;
using System.Text.Json;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Jobs;

/// <summary>Reads one recipient. Its faults reject it alone.</summary>
internal static class RecipientParser
{
    private const int MaxReasons = 5;
    private static readonly string[] Known = ["address", "id", "variant", "substitution_data", "metadata"];

    /// <summary>Null where <paramref name="faults"/> says why.</summary>
    public static JobRecipient? Parse(JsonElement element, List<FieldError> faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new FieldError("recipient", "must be a JSON object"));
            return null;
        }

        JsonElement address = default, id = default, variant = default, data = default, metadata = default;
        var unknown = false;
        foreach (var property in element.EnumerateObject())
        {
            if (property.NameEquals("address"u8))
                address = property.Value;
            else if (property.NameEquals("id"u8))
                id = property.Value;
            else if (property.NameEquals("variant"u8))
                variant = property.Value;
            else if (property.NameEquals("substitution_data"u8))
                data = property.Value;
            else if (property.NameEquals("metadata"u8))
                metadata = property.Value;
            else
                unknown = true;
        }

        Messages.Mailbox? mailbox = null;
        if (address.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            faults.Add(new FieldError("recipient.address", "is missing"));
        else
            mailbox = MailboxParser.Parse(address, "recipient.address", faults);
        var recipient = new JobRecipient
        {
            Address = mailbox!,
            Id = FieldValue.Line(id, "recipient", "id", EventLimits.UpstreamIdBytes, faults),
            Variant = FieldValue.Line(variant, "recipient", "variant", EventLimits.WordBytes, faults),
            SubstitutionData = FieldValue.Data(data, "recipient", "substitution_data", FieldValue.MaxDataBytes, faults),
            Metadata = FieldValue.Data(metadata, "recipient", "metadata", EventLimits.MetadataBytes, faults),
        };
        if (unknown)
            RequestObject.RefuseUnknown(element, "recipient", Known, faults);
        return faults.Count > 0 ? null : recipient;
    }

    /// <summary>The JSON as it was given; null for none.</summary>
    public static byte[]? Raw(JsonElement element) =>
        element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonMarshal.GetRawUtf8Value(element).ToArray();

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
}
