using System.Text;

namespace Delivery.Mta.Messages;

/// <summary>Names of files as they may reach a reader's disk.</summary>
internal static class AttachmentName
{
    /// <summary>Bytes of UTF-8: what file systems take.</summary>
    public const int MaxBytes = 255;

    /// <summary>The name without folders, or null with what is wrong.</summary>
    public static string? Check(string given, out string problem)
    {
        problem = "";
        foreach (var c in given)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                problem = "has a line break or control character";
            else if (c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
                problem = "has a character that turns the direction of text, which can hide a file's true ending";
        }
        var name = given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (problem.Length == 0 && (name.Length == 0 || name is "." or ".."))
            problem = "names no file";
        else if (problem.Length == 0 && Encoding.UTF8.GetByteCount(name) > MaxBytes)
            problem = $"is longer than {MaxBytes} bytes";
        return problem.Length == 0 ? name : null;
    }

    /// <summary>Whether <c>cid:</c> can name it without any escaping: a dot-atom, perhaps with a domain (RFC 2392, RFC 5322 section 3.6.4).</summary>
    public static bool IsContentId(string name)
    {
        if (name.Length is 0 or > MaxBytes)
            return false;
        var ats = 0;
        foreach (var c in name)
        {
            if (c == '@')
                ats++;
            else if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '+' or '$' or '!' or '*' or '='))
                return false;
        }
        return ats <= 1 && name[0] is not ('.' or '@') && name[^1] is not ('.' or '@')
            && !name.Contains("..", StringComparison.Ordinal) && !name.Contains(".@", StringComparison.Ordinal) && !name.Contains("@.", StringComparison.Ordinal);
    }
}
