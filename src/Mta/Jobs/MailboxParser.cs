using System.Text.Json;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Reads an address with an optional display name.</summary>
internal static class MailboxParser
{
    public const int MaxAddressText = 320;

    /// <summary><c>{"email": …, "name": …}</c>, or the address alone.</summary>
    public static Mailbox? Parse(JsonElement element, string path, List<FieldError> errors)
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
}
