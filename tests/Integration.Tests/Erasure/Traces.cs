using System.Text;

namespace Delivery.Integration.Tests.Erasure;

/// <summary>Looks for texts in every file of a folder, as they are and as mail, JSON, SQLite and others would write them.</summary>
internal static class Traces
{
    /// <summary>Places where one was found: the file and the text.</summary>
    public static List<string> In(string folder, IEnumerable<string> texts)
    {
        var wanted = texts.SelectMany(text => Forms(text).Select(form => (Text: text, Form: form))).ToList();
        var found = new List<string>();
        foreach (var file in Files(folder))
        {
            var folded = Fold(File.ReadAllBytes(file));
            foreach (var (text, form) in wanted)
            {
                if (folded.AsSpan().IndexOf(Fold(form)) >= 0)
                    found.Add($"{Path.GetRelativePath(folder, file)}: {text}");
            }
        }

        return found;
    }

    /// <summary>Files that hold the bytes as they are.</summary>
    public static List<string> In(string folder, byte[] bytes) =>
        [.. Files(folder).Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0)];

    /// <summary>All but those that are held while the programs run, which are empty.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock");

    private static IEnumerable<byte[]> Forms(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return utf8;
        yield return Encoding.Unicode.GetBytes(text);
        yield return Encoding.BigEndianUnicode.GetBytes(text);
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8));
        yield return Encoding.ASCII.GetBytes(string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"={(int)c:X2}")));
        yield return Encoding.ASCII.GetBytes(Uri.EscapeDataString(text));

        // Base64 of the text at each of the three places where it can begin, without what its neighbours have a part in.
        for (var before = 0; before < 3; before++)
        {
            var base64 = Convert.ToBase64String([.. new byte[before], .. utf8]);
            var first = before == 0 ? 0 : 4;
            yield return Encoding.ASCII.GetBytes(base64[first..(base64.Length / 4 * 4 - 4)]);
        }
    }

    private static byte[] Fold(byte[] bytes)
    {
        var folded = new byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            folded[i] = bytes[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(bytes[i] | 0x20) : bytes[i];
        return folded;
    }
}
