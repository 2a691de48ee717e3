using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>Compiles one content and collects what is wrong in each of its fields.</summary>
internal sealed class ContentCompiler(MessageContent content, ComposeOptions options)
{
    private const int MaxHeaders = 50;

    /// <summary>Memory of a compiled template for each character of its source, roughly and rather too much.</summary>
    private const int WeightPerCharacter = 8;
    private readonly List<ContentError> _errors = [];
    private readonly LinkTable _links = new(options.ClickTracking, UtmTags.Of(options.Utm));

    /// <summary>The text part's tokens when it is made from the HTML.</summary>
    private List<TemplateToken>? _derived;

    /// <summary>What stands as the HTML's language, a template.</summary>
    private string? _htmlLanguage;

    public IReadOnlyList<ContentError> Errors => _errors;

    public CompiledContent? Compile()
    {
        var from = Address("content.from.email", content.From.Email);
        var returnPath = content.ReturnPath is null ? null : Address("return_path", content.ReturnPath);
        var subject = Value("content.subject", content.Subject);
        var fromName = string.IsNullOrEmpty(content.From.Name) ? null : Value("content.from.name", content.From.Name);
        var replyTo = string.IsNullOrEmpty(content.ReplyTo) ? null : Value("content.reply_to", content.ReplyTo);
        var replyToHeader = ReplyToField(ref replyTo);
        var fields = Fields(out var constants);
        var html = string.IsNullOrEmpty(content.Html) ? null : Html(content.Html);
        var text = Text();
        var languageTag = LanguageOf(out var language);
        AttachmentCompiler.Check(content, _errors, out var images, out var attachments);
        if (string.IsNullOrEmpty(content.Html) && content.Text is null)
            Fail("content", "either 'html' or 'text' is needed");
        if (_errors.Count > 0 || from is null || subject is null || text is null)
            return null;
        var fromHeader = FromHeader(ref fromName, from);
        var layout = MimeLayout.Create(html is not null, images, attachments, Boundary());
        constants.Write(layout.BeforeText);
        var shares = images.Count + attachments.Count > 0;
        return new CompiledContent
        {
            Links = _links.ToLinks(),
            Warnings = _links.Warnings,
            FromAddress = from,
            ReturnPath = returnPath,
            FromAddressBytes = Encoding.UTF8.GetBytes(from),
            FromDomain = Encoding.ASCII.GetBytes(from[(from.LastIndexOf('@') + 1)..]),
            Subject = subject,
            FromName = fromName,
            FromHeader = fromHeader,
            ReplyTo = replyTo,
            ReplyToHeader = replyToHeader,
            Html = html,
            Text = text,
            TextIsDerived = content.Text is null,
            Fields = fields,
            ConstantHeaders = constants.Written.ToArray(),
            BeforeHtml = layout.BeforeHtml,
            Closing = shares ? [] : layout.After.ToArray(),
            SharedTail = shares ? layout.After : default,
            Weight = (shares ? layout.After.Length : 0) + (long)WeightPerCharacter * ((content.Html?.Length ?? 0) + (content.Text?.Length ?? 0)),
            Language = language,
            LanguageTag = languageTag,
            Urls = new TrackerUrls(options.TrackerBaseUrl),
            Positions = _links.Found.Count == 0 ? 0 : _links.Found.Max(found => found.Position),
            HasFeedbackId = content.Headers.Keys.Contains(FeedbackId.Name, StringComparer.OrdinalIgnoreCase),
            ListUnsubscribe = options.ListUnsubscribe,
        };
    }

    /// <summary>The field, where it is the same for everyone: then it needs no template.</summary>
    private static byte[] FromHeader(ref Template? name, string address)
    {
        var header = new ByteBuffer(256);
        ReadOnlySpan<byte> constant = default;
        if (name is not null && (!name.TryGetConstant(out constant) || constant.Length > HeaderWriter.MaxValueBytes))
            return [];
        name = null;
        HeaderWriter.WriteMailbox("From"u8, HeaderText.Clean(constant, new ByteBuffer()), Encoding.UTF8.GetBytes(address), header);
        return header.Written.ToArray();
    }

    /// <summary>As <see cref="FromHeader"/>. What is no address for everybody is told now instead of by dropping every recipient.</summary>
    private byte[] ReplyToField(ref Template? replyTo)
    {
        if (replyTo is null || !replyTo.TryGetConstant(out var constant))
            return [];
        replyTo = null;
        var header = new ByteBuffer(256);
        var value = HeaderText.Clean(constant, new ByteBuffer());
        if (!value.IsEmpty && (value.Length > HeaderWriter.MaxValueBytes || !ReplyToHeader.TryWrite(value, header)))
            Fail("content.reply_to", "is no valid address; give name@domain or Name <name@domain>");
        return header.Written.ToArray();
    }

    /// <summary>As <see cref="FromHeader"/>: what the content says, else what its HTML does. Only the first is an error where it is no language.</summary>
    private Template? LanguageOf(out MailLanguage language)
    {
        language = MailLanguage.Unknown;
        Template? tag;
        if (content.Language is null)
            _ = Template.TryCompile(_htmlLanguage ?? "", TemplateMode.Text, out tag, out _);
        else
            tag = Value("content.language", content.Language);
        if (tag is null || !tag.TryGetConstant(out var constant))
            return tag;
        language = LanguageTag.Read(constant);
        if (content.Language is not null && !LanguageTag.IsWellFormed(constant))
            Fail("content.language", "is no language tag; give one such as he or en-GB, or a template of one");
        return null;
    }

    private Template? Html(string source)
    {
        if (!Template.TryTokenize(source, out var tokens, out var error))
            return Fail("content.html", error);
        // The plain template first: its errors are the author's, and what follows can rely on balanced blocks.
        if (!Template.TryParse(source, WhitespaceControl.Apply(tokens), TemplateMode.Html, out _, out error))
            return Fail("content.html", error);
        var pieces = HtmlTokenizer.Tokenize(SourceMask.Apply(source, tokens));
        _htmlLanguage = HtmlPlaces.LanguageOf(source, pieces);
        HtmlLinks.Find(source, tokens, pieces, _links);
        var found = _links.Found.ToArray();
        _derived = DerivedText.Create(source, tokens, pieces, found);
        var insertions = new List<(int Offset, TemplateNode Node)>();
        if (content.Preheader is not null && Value("content.preheader", content.Preheader) is { } preheader)
            insertions.Add((HtmlPlaces.OfPreheader(tokens, pieces), new PreheaderNode(preheader)));
        if (options.OpenTracking)
            insertions.Add((HtmlPlaces.OfPixel(source, tokens, pieces), new PixelNode()));
        if (options.ScannerLink)
            insertions.Add((HtmlPlaces.OfPixel(source, tokens, pieces), new ScannerLinkNode()));
        var spliced = HtmlLinks.Splice(WhitespaceControl.Apply(tokens), found, source.Length, [.. insertions.OrderBy(one => one.Offset)]);
        return Template.TryParse(source, spliced, TemplateMode.Html, out var template, out error)
            ? template
            : Fail("content.html", error);
    }

    private Template? Text()
    {
        if (content.Text is null)
        {
            if (_derived is null)
                return null;
            return Template.TryParse(content.Html!, _derived, TemplateMode.TextOfHtml, out var derived, out var problem)
                ? derived
                : Fail("content.html", problem);
        }
        if (!Template.TryTokenize(content.Text, out var tokens, out var error))
            return Fail("content.text", error);
        var trimmed = WhitespaceControl.Apply(tokens);
        if (!Template.TryParse(content.Text, trimmed, TemplateMode.Text, out _, out error))
            return Fail("content.text", error);
        var before = _links.Found.Count;
        TextLinks.Find(content.Text, tokens, _links);
        var found = _links.Found.Skip(before).ToArray();
        foreach (var link in found)
            link.Text = link.Url;
        var spliced = HtmlLinks.Splice(trimmed, found, content.Text.Length, []);
        return Template.TryParse(content.Text, spliced, TemplateMode.Text, out var template, out error)
            ? template
            : Fail("content.text", error);
    }

    private List<HeaderField> Fields(out ByteBuffer constants)
    {
        var fields = new List<HeaderField>();
        constants = new ByteBuffer();
        if (content.Headers.Count > MaxHeaders)
            Fail("content.headers", $"there are more than {MaxHeaders} headers");
        foreach (var (name, source) in content.Headers)
        {
            var label = "content.headers." + name;
            if (HeaderNames.Check(name) is { } problem)
            {
                Fail(label, problem);
                continue;
            }
            if (Value(label, source) is not { } value)
                continue;
            var ascii = Encoding.ASCII.GetBytes(name);
            if (!value.TryGetConstant(out var text))
                fields.Add(new HeaderField(label, ascii, value));
            else if (text.Length > HeaderWriter.MaxValueBytes)
                Fail(label, $"the value is longer than {HeaderWriter.MaxValueBytes} bytes");
            else if (HeaderText.Clean(text, new ByteBuffer()) is { IsEmpty: false } clean)
                HeaderWriter.WriteText(ascii, clean, constants);
        }
        return fields;
    }

    /// <summary>"=_" never occurs in quoted-printable, so no body can contain the boundary.</summary>
    private string Boundary()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(content.Subject, "\0", content.Html, "\0", content.Text)));
        return "=_" + Convert.ToHexStringLower(hash.AsSpan(0, 12));
    }

    private Template? Value(string field, string source) =>
        Template.TryCompile(source, TemplateMode.Text, out var template, out var error) ? template : Fail(field, error);

    private string? Address(string field, string address)
    {
        if (MailAddress.TryNormalize(address, out var normalized))
            return normalized;
        Fail(field, "this is no valid address; it must look like 'name@example.com'");
        return null;
    }

    private Template? Fail(string field, TemplateError error)
    {
        _errors.Add(new ContentError(field, error.Message, error.Line, error.Column));
        return null;
    }

    private void Fail(string field, string message) => _errors.Add(new ContentError(field, message));
}
