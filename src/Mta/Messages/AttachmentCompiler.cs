namespace Delivery.Mta.Messages;

/// <summary>Checks a job's attachments and inline images and names what is wrong with each.</summary>
internal static class AttachmentCompiler
{
    /// <summary>Attachments and inline images of a job together.</summary>
    public const int MaxCount = 50;

    /// <summary>Bytes of all of them together, decoded.</summary>
    public const int MaxTotalBytes = 20 * 1024 * 1024;

    public static void Check(MessageContent content, List<ContentError> errors, out List<AttachmentPart> images, out List<AttachmentPart> attachments)
    {
        images = Read(content.InlineImages, "content.inline_images", true, errors);
        attachments = Read(content.Attachments, "content.attachments", false, errors);
        if (content.InlineImages.Count > 0 && string.IsNullOrEmpty(content.Html))
            errors.Add(new ContentError("content.inline_images", "need 'html' to show them; send them as attachments or add 'html'"));
        if (content.InlineImages.Count + content.Attachments.Count > MaxCount)
            errors.Add(new ContentError("content.attachments", $"there are more than {MaxCount} attachments and inline images"));
        var total = 0L;
        foreach (var attachment in content.Attachments.Concat(content.InlineImages))
            total += attachment.Data.Length;
        if (total > MaxTotalBytes)
            errors.Add(new ContentError("content.attachments", $"attachments and inline images have {total} bytes together, more than {MaxTotalBytes}; link to large files instead"));
    }

    private static List<AttachmentPart> Read(IReadOnlyList<Attachment> given, string field, bool inline, List<ContentError> errors)
    {
        var parts = new List<AttachmentPart>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < given.Count; i++)
        {
            var name = AttachmentName.Check(given[i].Name, out var problem);
            if (name is null)
                errors.Add(new ContentError($"{field}[{i}].name", problem));
            else if (inline && !AttachmentName.IsContentId(given[i].Name))
                errors.Add(new ContentError($"{field}[{i}].name", "cannot stand in 'cid:'; use letters, digits, '.', '-' and '_', as in \"logo.png\""));
            else if (inline && !names.Add(name))
                errors.Add(new ContentError($"{field}[{i}].name", $"is the name of another inline image too; 'cid:{name}' could mean either"));
            if (!MediaType.TryParse(given[i].Type, out var type))
                errors.Add(new ContentError($"{field}[{i}].type", "is no media type; write it as in \"application/pdf\" or \"text/plain; charset=utf-8\""));
            else if (Refuse(type, inline) is { } fault)
                errors.Add(new ContentError($"{field}[{i}].type", fault));
            else if (name is not null)
                parts.Add(new AttachmentPart(name, type, given[i].Data, inline));
        }
        return parts;
    }

    /// <summary>RFC 2046 section 5 allows no base64 in composite types.</summary>
    private static string? Refuse(MediaType type, bool inline)
    {
        if (type.Name.StartsWith("multipart/", StringComparison.Ordinal) || type.Name.StartsWith("message/", StringComparison.Ordinal))
            return $"'{type.Name}' cannot be attached; use \"application/octet-stream\"";
        if (inline && !type.Name.StartsWith("image/", StringComparison.Ordinal))
            return "must begin with 'image/'";
        return type.Parameters.Any(parameter => parameter.Name == "name") ? "takes no 'name'; use the field 'name'" : null;
    }
}
