using System.Runtime.InteropServices;
using System.Text.Json;
using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Jobs;

/// <summary>Reads <c>content.attachments</c> and <c>content.inline_images</c>. Names and types are judged when the content is compiled.</summary>
internal static class AttachmentParser
{
    private const int MaxText = 1024;

    /// <param name="total">Decoded bytes so far, over both lists: nothing is decoded beyond the bound.</param>
    public static IReadOnlyList<Attachment> Parse(RequestObject content, string name, List<FieldError> errors, ref long total)
    {
        if (!content.TryGet(name, out var array))
            return [];
        if (array.ValueKind != JsonValueKind.Array)
        {
            content.Fault(name, "must be an array of {\"name\": …, \"type\": …, \"data\": …}");
            return [];
        }

        if (array.GetArrayLength() > AttachmentCompiler.MaxCount)
        {
            content.Fault(name, $"has more than {AttachmentCompiler.MaxCount} entries");
            return [];
        }

        var read = new List<Attachment>();
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            var path = content.At($"{name}[{index++}]");
            if (RequestObject.Open(element, path, errors) is not { } entry)
                continue;
            var file = entry.Text("name", MaxText, required: true);
            var type = entry.Text("type", MaxText, required: true);
            var data = Data(entry, ref total);
            entry.RefuseUnknown();
            if (file is not null && type is not null && data is not null)
                read.Add(new Attachment(file, type, data));
        }

        return read;
    }

    private static byte[]? Data(RequestObject entry, ref long total)
    {
        if (!entry.TryGet("data", out var value))
        {
            entry.Fault("data", "is missing: give the bytes in base64");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            entry.Fault("data", "must be a string of base64");
            return null;
        }

        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        // Some writers of JSON escape every slash.
        if (text.Contains((byte)'\\'))
        {
            var unescaped = new byte[text.Length];
            text = unescaped.AsSpan(0, JsonText.Unescape(text, unescaped));
        }

        total += text.Length / 4 * 3L - (text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0);
        if (total > AttachmentCompiler.MaxTotalBytes)
        {
            entry.Fault("data", $"brings attachments and inline images over {AttachmentCompiler.MaxTotalBytes} bytes together: link to large files instead");
            return null;
        }

        if (StrictBase64.TryDecode(text, out var data, out var at))
            return data;
        entry.Fault("data", at < text.Length
            ? $"is no base64: the character at {at + 1} does not belong there; no line breaks, no data: prefix, and '+' and '/' rather than '-' and '_'"
            : "is no base64: its length is no multiple of 4");
        return null;
    }
}
