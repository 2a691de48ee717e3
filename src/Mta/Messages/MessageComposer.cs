using System.Buffers;
using System.Globalization;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Dkim;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// Composes messages of any job, one at a time: a worker owns one. The message is complete (RFC 5322, CRLF, with a
/// final CRLF) once <see cref="CompiledContent.SharedTail"/> follows it, not dot-stuffed, and
/// signed where its sender's domain has a key.
/// </summary>
/// <param name="signer">This composer's own; null composes mail that is only looked at.</param>
internal sealed class MessageComposer(TrackingTokens tokens, DkimSigner? signer = null)
{
    private readonly ComposeScratch _scratch = new(tokens);
    private RenderedParts _parts;

    /// <summary>Watches the messages that come; null, as it is at first, while sending.</summary>
    public RenderTrace? Trace
    {
        get => _scratch.Links.Trace;
        set
        {
            _scratch.Links.Trace = value;
            _scratch.State.Trace = value?.Fields;
        }
    }

    /// <summary>The HTML of the message composed last, before it was encoded; empty where it has none. Holds until the next one.</summary>
    public ReadOnlySpan<byte> Html => Rendered(_parts.TextEnd, _parts.HtmlEnd);

    /// <summary>The text of the message composed last, before it was encoded. Holds until the next one.</summary>
    public ReadOnlySpan<byte> TextOf(CompiledContent content) =>
        content.TextIsDerived ? _scratch.Normalized.Written : Rendered(_parts.FieldsEnd, _parts.TextEnd);

    /// <summary>
    /// Appends one message to <paramref name="output"/>, or nothing: then <paramref name="failure"/> says why. The
    /// same input gives the same Message-ID and the same bytes.
    /// </summary>
    public bool TryCompose(CompiledContent content, in MessageInput input, IBufferWriter<byte> output, out ComposeFailure failure)
    {
        if (!MailAddress.TryNormalize(input.Email, out var email))
        {
            failure = new ComposeFailure(ComposeReason.InvalidAddress, "address.email");
            return false;
        }
        SetScope(content, input, email);
        if (!TryRender(content, out var parts, out failure))
            return false;
        _parts = parts;
        var message = _scratch.Message;
        message.Clear();
        if (!TryWriteHeaders(content, input, parts, message, out failure))
            return false;
        WriteBody(content, parts, message);
        if (!input.Unsigned)
            signer?.Sign(content.FromAddress.AsSpan(content.FromAddress.LastIndexOf('@') + 1), message.Written, content.SharedTail.Span, input.Date, output);
        output.Write(message.Written);
        return true;
    }

    private void SetScope(CompiledContent content, in MessageInput input, string email)
    {
        var sent = input.Date.ToUnixTimeSeconds();
        var subject = new TrackingSubject(input.Account, input.Job, input.Recipient, (uint)Math.Clamp(sent, 0, uint.MaxValue));
        _scratch.Links.BeginMessage(content.Urls, subject);
        var scope = _scratch.Scope;
        scope.Clear();
        scope.RecipientData = input.SubstitutionData;
        scope.JobData = input.JobSubstitutionData;
        scope.RecipientMetadata = input.Metadata;
        scope.JobMetadata = input.JobMetadata;
        Append(email, scope.Email);
        Append(input.Name, scope.Name);
        Append(input.UpstreamId, scope.RecipientId);
        _scratch.Links.WriteUnsubscribe(scope.UnsubscribeUrl, input.Key, input.List, Language(content));
    }

    /// <summary>The reader's own, where a template says it; unknown where that does not render. Nobody is told of data that it lacks: a page then asks the browser.</summary>
    private MailLanguage Language(CompiledContent content)
    {
        if (content.LanguageTag is null)
            return content.Language;
        var state = _scratch.State;
        var trace = state.Trace;
        state.Trace = null;
        _scratch.Rendered.Clear();
        var language = content.LanguageTag.TryRender(state) ? LanguageTag.Read(_scratch.Rendered.Written) : MailLanguage.Unknown;
        state.Trace = trace;
        return language;
    }

    private bool TryRender(CompiledContent content, out RenderedParts parts, out ComposeFailure failure)
    {
        parts = default;
        var rendered = _scratch.Rendered;
        rendered.Clear();
        _scratch.FieldEnds.Clear();
        if (!TryRender(content.Subject, "content.subject", out parts.SubjectEnd, out failure)
            || !TryRender(content.FromName, "content.from.name", out parts.FromNameEnd, out failure)
            || !TryRender(content.ReplyTo, "content.reply_to", out parts.ReplyToEnd, out failure))
            return false;
        for (var i = 0; i < content.Fields.Count; i++)
        {
            if (!TryRender(content.Fields[i].Value, content.Fields[i].Label, out var end, out failure))
                return false;
            _scratch.FieldEnds.Add(end);
        }
        parts.FieldsEnd = rendered.Length;
        _scratch.Links.BeginPart(content.Positions, MessagePart.Text);
        if (!TryRender(content.Text, "content.text", out parts.TextEnd, out failure))
            return false;
        _scratch.Links.BeginPart(content.Positions, MessagePart.Html);
        return TryRender(content.Html, "content.html", out parts.HtmlEnd, out failure);
    }

    private bool TryRender(Template? template, string field, out int end, out ComposeFailure failure)
    {
        failure = default;
        _scratch.State.Trace?.Begin(field);
        var done = template is null || template.TryRender(_scratch.State);
        end = _scratch.Rendered.Length;
        if (!done)
        {
            if (Trace is { } trace)
                trace.FailedAt = _scratch.State.FailedAt;
            failure = new ComposeFailure(
                _scratch.State.Failure == RenderFailure.OutputTooLarge ? ComposeReason.OutputTooLarge : ComposeReason.TooManySteps, field);
        }
        return done;
    }

    private bool TryWriteHeaders(CompiledContent content, in MessageInput input, in RenderedParts parts, ByteBuffer message, out ComposeFailure failure)
    {
        if (!TryWriteFrom(content, parts, message, out failure))
            return false;
        var name = HeaderText.Clean(_scratch.Scope.Name.Written, _scratch.DisplayName);
        if (name.Length > HeaderWriter.MaxValueBytes)
            return Fail(ComposeReason.HeaderTooLong, "address.name", out failure);
        HeaderWriter.WriteMailbox("To"u8, name, _scratch.Scope.Email.Written, message);
        if (!TryWriteReplyTo(content, parts, message, out failure))
            return false;
        var subject = HeaderText.Clean(Rendered(0, parts.SubjectEnd), _scratch.HeaderValue);
        if (subject.Length > HeaderWriter.MaxValueBytes)
            return Fail(ComposeReason.HeaderTooLong, "content.subject", out failure);
        HeaderWriter.WriteText("Subject"u8, subject, message);
        DateHeader.Write(input.Date, message);
        WriteMessageId(content, input, message);
        if (content.ListUnsubscribe)
        {
            message.Write("List-Unsubscribe: <"u8);
            message.Write(_scratch.Scope.UnsubscribeUrl.Written);
            message.Write(">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"u8);
        }
        if (!content.HasFeedbackId)
            message.Write(input.FeedbackId);
        return TryWriteFields(content, parts, message, out failure);
    }

    private bool TryWriteFrom(CompiledContent content, in RenderedParts parts, ByteBuffer message, out ComposeFailure failure)
    {
        failure = default;
        message.Write(content.FromHeader);
        if (content.FromName is null)
            return true;
        var name = HeaderText.Clean(Rendered(parts.SubjectEnd, parts.FromNameEnd), _scratch.DisplayName);
        if (name.Length > HeaderWriter.MaxValueBytes)
            return Fail(ComposeReason.HeaderTooLong, "content.from.name", out failure);
        HeaderWriter.WriteMailbox("From"u8, name, content.FromAddressBytes, message);
        return true;
    }

    private bool TryWriteReplyTo(CompiledContent content, in RenderedParts parts, ByteBuffer message, out ComposeFailure failure)
    {
        failure = default;
        message.Write(content.ReplyToHeader);
        var value = HeaderText.Clean(Rendered(parts.FromNameEnd, parts.ReplyToEnd), _scratch.HeaderValue);
        if (value.IsEmpty)
            return true;
        if (value.Length > HeaderWriter.MaxValueBytes)
            return Fail(ComposeReason.HeaderTooLong, "content.reply_to", out failure);
        return ReplyToHeader.TryWrite(value, message) || Fail(ComposeReason.InvalidAddress, "content.reply_to", out failure);
    }

    private bool TryWriteFields(CompiledContent content, in RenderedParts parts, ByteBuffer message, out ComposeFailure failure)
    {
        failure = default;
        var start = parts.ReplyToEnd;
        for (var i = 0; i < content.Fields.Count; i++)
        {
            var value = HeaderText.Clean(Rendered(start, _scratch.FieldEnds[i]), _scratch.HeaderValue);
            start = _scratch.FieldEnds[i];
            if (value.Length > HeaderWriter.MaxValueBytes)
                return Fail(ComposeReason.HeaderTooLong, content.Fields[i].Label, out failure);
            if (!value.IsEmpty)
                HeaderWriter.WriteText(content.Fields[i].Name, value, message);
        }
        message.Write(content.ConstantHeaders);
        return true;
    }

    private void WriteBody(CompiledContent content, in RenderedParts parts, ByteBuffer message)
    {
        var text = Rendered(parts.FieldsEnd, parts.TextEnd);
        if (content.TextIsDerived)
        {
            _scratch.Normalized.Clear();
            TextNormalizer.Write(text, _scratch.Normalized);
            text = _scratch.Normalized.Written;
        }
        WriteEncoded(text, message);
        if (content.Html is not null)
        {
            message.Write(content.BeforeHtml);
            WriteEncoded(Rendered(parts.TextEnd, parts.HtmlEnd), message);
        }
        message.Write(content.Closing);
        if (content.Closing.Length == 0 && content.SharedTail.IsEmpty && !message.Written.EndsWith("\r\n"u8))
            message.Write("\r\n"u8);
    }

    /// <summary>Data that is no valid UTF-8 reaches nobody: what cannot be read becomes U+FFFD.</summary>
    private static void WriteEncoded(ReadOnlySpan<byte> text, ByteBuffer message) =>
        QuotedPrintable.Encode(System.Text.Unicode.Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)), message);

    private static void WriteMessageId(CompiledContent content, in MessageInput input, ByteBuffer message)
    {
        message.Write("Message-ID: <"u8);
        input.Job.TryFormat(message.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        message.Advance(written);
        message.WriteByte((byte)'.');
        input.Recipient.TryFormat(message.GetSpan(10), out written, default, CultureInfo.InvariantCulture);
        message.Advance(written);
        message.WriteByte((byte)'@');
        message.Write(content.FromDomain);
        message.Write(">\r\n"u8);
    }

    private ReadOnlySpan<byte> Rendered(int start, int end) => _scratch.Rendered.Written[start..end];

    private static void Append(string? text, ByteBuffer buffer)
    {
        if (text is not null)
            buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length * 3)));
    }

    private static bool Fail(ComposeReason reason, string field, out ComposeFailure failure)
    {
        failure = new ComposeFailure(reason, field);
        return false;
    }
}
