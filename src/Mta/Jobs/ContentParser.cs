using System.Text.Json;
using Delivery.Contracts.Events;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Reads <c>content</c>, with every fault named by its field; also what the spool kept of a job.</summary>
internal static class ContentParser
{
    private const int MaxHeaders = 50;
    private const int MaxContentBytes = 1 << 20;
    private const int MaxPreheaderBytes = 4 << 10;
    private const int MaxLanguageBytes = 200;

    /// <summary>Null where <paramref name="errors"/> says why.</summary>
    public static MessageContent? Parse(JsonElement element, string? returnPath, List<FieldError> errors)
    {
        if (RequestObject.Open(element, "content", errors) is not { } content)
            return null;
        var before = errors.Count;
        var from = content.TryGet("from", out var fromElement)
            ? MailboxParser.Parse(fromElement, "content.from", errors)
            : Fault(content, "from", "is missing: give {\"email\": …, \"name\": …}");
        var replyTo = content.Line("reply_to", MailboxParser.MaxAddressText);
        var subject = content.Text("subject", EventLimits.SubjectBytes * 4, required: true);
        var html = content.Text("html", MaxContentBytes);
        var text = content.Text("text", MaxContentBytes);
        if (string.IsNullOrEmpty(html) && string.IsNullOrEmpty(text) && errors.Count == before)
            content.Fault("html", "is missing, and so is content.text: give at least one of them");
        var preheader = content.Text("preheader", MaxPreheaderBytes);
        var language = content.Line("language", MaxLanguageBytes);
        var headers = Headers(content);
        var attached = 0L;
        var attachments = AttachmentParser.Parse(content, "attachments", errors, ref attached);
        var images = AttachmentParser.Parse(content, "inline_images", errors, ref attached);
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
            Preheader = string.IsNullOrEmpty(preheader) ? null : preheader,
            Language = string.IsNullOrEmpty(language) ? null : language,
            Headers = headers,
            Attachments = attachments,
            InlineImages = images,
            ReturnPath = returnPath,
        };
    }

    private static Mailbox? Fault(RequestObject owner, string name, string message)
    {
        owner.Fault(name, message);
        return null;
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
}
