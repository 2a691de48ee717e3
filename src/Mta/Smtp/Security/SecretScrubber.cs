using System.Text;

namespace Delivery.Mta.Smtp.Security;

/// <summary>
/// Takes credentials out of what a peer says: a reply goes into logs, the spool and events, and may echo what it was sent.
/// Thread-safe.
/// </summary>
internal sealed class SecretScrubber
{
    private const string Hidden = "[hidden]";

    /// <summary>So many characters of a secret in a row betray it.</summary>
    private const int TellTale = 8;

    /// <summary>A shorter secret is hidden where it is a word by itself; anywhere else it may be anything.</summary>
    private const int ShortSecret = 4;

    private readonly string[] _secrets;

    public SecretScrubber(string user, string password) =>
        _secrets =
        [
            password,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(password)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}")),
        ];

    /// <summary>The text with every word that holds a secret, or a good part of one, replaced.</summary>
    public string Scrub(string text)
    {
        bool[]? marks = null;
        foreach (var secret in _secrets)
        {
            var length = Math.Min(secret.Length, TellTale);
            for (var start = 0; start + length <= secret.Length; start++)
            {
                var part = secret.AsSpan(start, length);
                for (var at = text.AsSpan().IndexOf(part); at >= 0; at = Next(text, part, at))
                {
                    if (length >= ShortSecret || IsWord(text, at, length)) (marks ??= new bool[text.Length]).AsSpan(at, length).Fill(true);
                }
            }
        }
        return marks is null ? text : Replace(text, marks);
    }

    private static int Next(string text, ReadOnlySpan<char> part, int at)
    {
        var next = text.AsSpan(at + 1).IndexOf(part);
        return next < 0 ? -1 : at + 1 + next;
    }

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));

    /// <summary>Words go as a whole, so that a cut secret leaves no rest; a secret of several words goes with the spaces in it.</summary>
    private static string Replace(string text, bool[] marks)
    {
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            var marked = false;
            while (end < text.Length && (text[end] != ' ' || marks[end])) marked |= marks[end++];
            clean.Append(marked ? Hidden : text[at..end]);
            if (end < text.Length) clean.Append(' ');
            at = end + 1;
        }
        return clean.ToString();
    }
}
