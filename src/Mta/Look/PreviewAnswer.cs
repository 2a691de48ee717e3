using Delivery.Mta.Jobs;

namespace Delivery.Mta.Look;

/// <summary>The answer of <c>POST /v1/preview</c>.</summary>
/// <param name="Recipients">One entry for each recipient of the request, in its order.</param>
internal sealed record PreviewAnswer(IReadOnlyList<PreviewedMail> Recipients);

/// <summary>One recipient's mail. Where there is an <see cref="Error"/>, there is nothing else.</summary>
internal sealed record PreviewedMail
{
    /// <summary>Place in the request's <c>recipients</c>, from 0.</summary>
    public required int Index { get; init; }

    public string? Subject { get; init; }

    /// <summary>The From field as readers show it.</summary>
    public string? From { get; init; }

    public string? ReplyTo { get; init; }

    /// <summary>All header fields in their order, unfolded and decoded.</summary>
    public IReadOnlyList<MailHeader>? Headers { get; init; }

    /// <summary>With plain links and without a pixel; absent in a mail without HTML.</summary>
    public string? Html { get; init; }

    public string? Text { get; init; }

    /// <summary>Of the message as it is sent, with tracked links and the pixel.</summary>
    public int? SizeBytes { get; init; }

    /// <summary>The first 1,000 links: of the HTML, then those of a text of its own.</summary>
    public IReadOnlyList<PreviewedLink>? Links { get; init; }

    /// <summary>What a check finds in this mail.</summary>
    public IReadOnlyList<Finding>? Warnings { get; init; }

    /// <summary>Why there is no mail for this recipient; line and column are those of the template.</summary>
    public FieldError? Error { get; init; }
}

/// <param name="Position">As in reports; absent for a link that is not tracked.</param>
/// <param name="Part"><c>html</c> or <c>text</c>.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="TemplateUrl">As the template has it; absent for a link that is not tracked.</param>
internal sealed record PreviewedLink(int? Position, string Part, string Url, string? TemplateUrl);
