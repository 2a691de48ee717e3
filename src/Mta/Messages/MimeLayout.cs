using System.Text;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>
/// What stands around the text and the HTML of a message: mixed(alternative(text, related(html, images)), attachments), each level only
/// where it is needed (RFC 2046 section 5.1, RFC 2387). "=_" occurs in neither quoted-printable nor base64, so no part can contain a boundary.
/// </summary>
internal sealed class MimeLayout
{
    private readonly ByteBuffer _before = new();
    private readonly ByteBuffer _between = new();
    private ByteBuffer _after = new(256);

    /// <summary>From MIME-Version on to where the text begins.</summary>
    public byte[] BeforeText => _before.Written.ToArray();

    /// <summary>From the end of the text to where the HTML begins; empty without HTML.</summary>
    public byte[] BeforeHtml => _between.Written.ToArray();

    /// <summary>What follows the last of them; empty in a message of one part.</summary>
    public ReadOnlyMemory<byte> After => _after.WrittenMemory;

    /// <param name="boundary">Begins with "=_".</param>
    public static MimeLayout Create(bool html, List<AttachmentPart> images, List<AttachmentPart> attachments, string boundary)
    {
        var layout = new MimeLayout();
        layout.Write(html, images, attachments, boundary);
        return layout;
    }

    private void Write(bool html, List<AttachmentPart> images, List<AttachmentPart> attachments, string boundary)
    {
        var size = images.Concat(attachments).Sum(part => (long)part.MaxBytes + 64);
        _after = new ByteBuffer((int)size + 512);
        _before.Write("MIME-Version: 1.0\r\n"u8);
        if (attachments.Count > 0)
            Open("multipart/mixed", boundary + "m", _before);
        if (html)
            Open("multipart/alternative", boundary + "a", _before);
        _before.Write("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"u8);
        if (html)
        {
            Delimit(boundary + "a", "\r\n", _between);
            if (images.Count > 0)
                Open("multipart/related; type=\"text/html\"", boundary + "r", _between);
            _between.Write("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"u8);
            Add(images, boundary + "r");
            Delimit(boundary + "a", "--", _after);
        }
        Add(attachments, boundary + "m");
        if (_after.Length > 0)
            _after.Write("\r\n"u8);
    }

    private void Add(List<AttachmentPart> parts, string boundary)
    {
        foreach (var part in parts)
        {
            Delimit(boundary, "\r\n", _after);
            part.Write(_after);
        }
        if (parts.Count > 0)
            Delimit(boundary, "--", _after);
    }

    /// <summary>The field, the empty line behind the header and the first delimiter.</summary>
    private static void Open(string type, string boundary, ByteBuffer output)
    {
        Ascii($"Content-Type: {type};\r\n boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n", output);
    }

    private static void Delimit(string boundary, string end, ByteBuffer output) => Ascii($"\r\n--{boundary}{end}", output);

    private static void Ascii(string text, ByteBuffer output) => output.Write(Encoding.ASCII.GetBytes(text));
}
