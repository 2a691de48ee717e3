using Delivery.Mta.Messages;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Look;

/// <summary>What is looked at: a content as it was given, and compiled.</summary>
internal sealed record LookContent(MessageContent Source, CompiledContent Compiled)
{
    /// <summary>Line and column of an offset in a field's own text; nothing where the field has none or the offset is not known.</summary>
    public (int? Line, int? Column) Locate(string field, int offset)
    {
        if (offset < 0 || Template(field) is not { } source)
            return (null, null);
        var (line, column) = TemplateError.Locate(source, offset);
        return (line, column);
    }

    /// <summary>A text part that is made from the HTML has no source of its own: what is wrong in it is wrong there.</summary>
    public string Field(string rendered) => rendered == "content.text" && Compiled.TextIsDerived ? "content.html" : rendered;

    private string? Template(string field) => field switch
    {
        "content.subject" => Source.Subject,
        "content.html" => Source.Html,
        "content.text" => Source.Text,
        "content.reply_to" => Source.ReplyTo,
        "content.from.name" => Source.From.Name,
        _ when field.StartsWith("content.headers.", StringComparison.Ordinal) => Source.Headers.GetValueOrDefault(field[16..]),
        _ => null,
    };
}
