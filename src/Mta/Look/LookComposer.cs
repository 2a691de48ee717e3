using System.Buffers;
using System.Text;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>
/// Composes mail to be looked at with the composer that sends it. Each is composed twice: as it is sent, for its size and its failures, and
/// plain. Owned by one look; not thread-safe.
/// </summary>
internal sealed class LookComposer(TrackingTokens tokens)
{
    private readonly MessageComposer _composer = new(tokens);
    private readonly RenderTrace _trace = new();
    private readonly ArrayBufferWriter<byte> _message = new(32 * 1024);

    /// <summary>Null where the recipient gets no mail: <paramref name="fault"/> says why.</summary>
    public LookMail? Compose(LookContent content, in MessageInput input, bool hasData, out FieldError? fault)
    {
        try
        {
            return ComposeBoth(content, input, hasData, out fault);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            fault = new FieldError("content", $"cannot be composed: {e.GetType().Name}");
            return null;
        }
    }

    private LookMail? ComposeBoth(LookContent content, in MessageInput input, bool hasData, out FieldError? fault)
    {
        fault = null;
        _composer.Trace = null;
        _message.ResetWrittenCount();
        var sent = _composer.TryCompose(content.Compiled, input, _message, out var failure);
        var size = _message.WrittenCount + content.Compiled.SharedTail.Length;
        var htmlSize = sent ? _composer.Html.Length : 0;

        _composer.Trace = _trace;
        _trace.Clear();
        _message.ResetWrittenCount();
        var plain = _composer.TryCompose(content.Compiled, input, _message, out var plainFailure);
        if (!sent || !plain)
        {
            fault = Explain(content, sent ? plainFailure : failure);
            return null;
        }

        _message.Write(content.Compiled.SharedTail.Span);
        return new LookMail
        {
            Content = content,
            Email = input.Email,
            HasData = hasData,
            Headers = HeaderReader.Read(_message.WrittenSpan),
            Html = content.Compiled.Html is null ? null : Encoding.UTF8.GetString(_composer.Html),
            Text = Encoding.UTF8.GetString(_composer.TextOf(content.Compiled)),
            Message = _message.WrittenMemory,
            SizeBytes = size,
            HtmlBytes = htmlSize,
            Missing = [.. _trace.Fields.Missing],
            Tracked = [.. _trace.Links],
        };
    }

    private FieldError Explain(LookContent content, ComposeFailure failure)
    {
        var field = content.Field(failure.Field);
        var (line, column) = content.Locate(field, _trace.FailedAt);
        var message = failure.Describe();
        if (message.StartsWith(failure.Field, StringComparison.Ordinal))
            message = message[failure.Field.Length..].TrimStart();
        return new FieldError(field, message, line, column);
    }
}
