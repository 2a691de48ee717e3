using System.Text;
using Delivery.Contracts.Events;

namespace Delivery.Mta.Specimens;

/// <summary>The specimen so far, in whole pieces: one that does not fit any more ends it. Text becomes HTML here and nowhere else.</summary>
internal sealed class SpecimenOutput
{
    private readonly StringBuilder _html = new();
    private int _bytes;

    /// <summary>Something was left out because there was no room; nothing is taken any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>A piece of HTML that is safe already: a tag, or text without any.</summary>
    public void Write(string html)
    {
        var bytes = Encoding.UTF8.GetByteCount(html);
        IsFull |= bytes > EventLimits.MailBytes - _bytes;
        if (IsFull)
            return;
        _bytes += bytes;
        _html.Append(html);
    }

    /// <summary>Text as an HTML source has it: its character references stay.</summary>
    public void WriteSourceText(string text) => Write(Escape(text, references: false));

    /// <summary>A text of any characters.</summary>
    public void WriteText(string text) => Write(Escape(text));

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_html.ToString());

    /// <param name="text">Characters; safe between tags and in double quotes afterwards.</param>
    /// <param name="references">Whether an ampersand is one; else it begins a character reference.</param>
    public static string Escape(string text, bool references = true)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' when references => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\0' or Messages.SourceMask.Filler => escaped.Append('\uFFFD'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
