using System.Text.Json;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Reads an address with an optional display name.</summary>
internal static class MailboxParser
{
    public const int MaxAddressText = 320;

    private static readonly string[] Known = ["email", "name"];

    /// <summary><c>{"email": …, "name": …}</c>, or the address alone.</summary>
    public static Mailbox? Parse(JsonElement element, string path, List<FieldError> errors)
    {
        string? email, name = null;
        var before = errors.Count;
        if (element.ValueKind == JsonValueKind.String)
        {
            if (!FieldValue.TryText(element, out email))
                errors.Add(new FieldError(path, "must be a string of valid Unicode"));
        }
        else
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new FieldError(path, "must be a JSON object"));
                return null;
            }

            JsonElement emailValue = default, nameValue = default;
            var unknown = false;
            foreach (var property in element.EnumerateObject())
            {
                if (property.NameEquals("email"u8))
                    emailValue = property.Value;
                else if (property.NameEquals("name"u8))
                    nameValue = property.Value;
                else
                    unknown = true;
            }

            if (emailValue.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
                errors.Add(new FieldError(FieldValue.At(path, "email"), "is missing"));
            email = FieldValue.Text(emailValue, path, "email", MaxAddressText, errors);
            name = FieldValue.Line(nameValue, path, "name", MaxAddressText, errors);
            if (unknown)
                RequestObject.RefuseUnknown(element, path, Known, errors);
            path += ".email";
        }

        if (email is not null && RecipientAddress.Fault(email) is { } fault)
            errors.Add(new FieldError(path, fault));
        return errors.Count == before ? new Mailbox(email!, name) : null;
    }
}
