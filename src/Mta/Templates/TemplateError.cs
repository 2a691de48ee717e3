namespace Delivery.Mta.Templates;

/// <summary>Why a template does not compile. Line and column count from 1, in UTF-16 units of the source.</summary>
internal sealed record TemplateError(string Message, int Line, int Column)
{
    public static TemplateError At(string source, int offset, string message)
    {
        var (line, column) = Locate(source, offset);
        return new TemplateError(message, line, column);
    }

    public static (int Line, int Column) Locate(string source, int offset)
    {
        var before = source.AsSpan(0, Math.Min(offset, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
