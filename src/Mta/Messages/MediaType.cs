using System.Diagnostics.CodeAnalysis;

namespace Delivery.Mta.Messages;

/// <summary>
/// Reads a media type (RFC 2045 section 5.1): <c>type "/" subtype *(";" token "=" (token / quoted-string))</c>, ASCII. Names go to lower
/// case; comments are refused.
/// </summary>
internal sealed class MediaType
{
    private const int MaxLength = 255;
    private readonly List<(string Name, string Value)> _parameters = [];

    private MediaType(string name) => Name = name;

    /// <summary><c>type/subtype</c>.</summary>
    public string Name { get; }

    /// <summary>Values without their quotes; printable ASCII.</summary>
    public IReadOnlyList<(string Name, string Value)> Parameters => _parameters;

    public static bool TryParse(string text, [NotNullWhen(true)] out MediaType? type)
    {
        type = null;
        if (text.Length > MaxLength)
            return false;
        var rest = text.AsSpan().Trim(' ');
        var main = TakeToken(ref rest);
        if (main.IsEmpty || rest.IsEmpty || rest[0] != '/')
            return false;
        rest = rest[1..];
        var sub = TakeToken(ref rest);
        if (sub.IsEmpty)
            return false;
        var read = new MediaType(string.Concat(main, "/", sub).ToLowerInvariant());
        while (!(rest = rest.Trim(' ')).IsEmpty)
        {
            if (!read.TryAddParameter(ref rest))
                return false;
        }
        type = read;
        return true;
    }

    public static bool IsToken(char c) => c is > ' ' and <= '~' && !"()<>@,;:\\\"/[]?=".Contains(c, StringComparison.Ordinal);

    private bool TryAddParameter(ref ReadOnlySpan<char> rest)
    {
        if (rest[0] != ';')
            return false;
        rest = rest[1..].TrimStart(' ');
        var name = TakeToken(ref rest);
        // '*' and '%' in a name are RFC 2231's, and would give a value a second meaning.
        if (name.IsEmpty || name.IndexOfAny('*', '%') >= 0 || rest.IsEmpty || rest[0] != '=')
            return false;
        rest = rest[1..];
        var lower = name.ToString().ToLowerInvariant();
        if (_parameters.Exists(other => other.Name == lower) || !TryTakeValue(ref rest, out var value))
            return false;
        _parameters.Add((lower, value));
        return true;
    }

    private static bool TryTakeValue(ref ReadOnlySpan<char> rest, out string value)
    {
        if (rest.IsEmpty || rest[0] != '"')
        {
            value = TakeToken(ref rest).ToString();
            return value.Length > 0;
        }
        var read = new System.Text.StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c == '"')
            {
                rest = rest[(i + 1)..];
                value = read.ToString();
                return true;
            }
            if (c == '\\' && ++i < rest.Length)
                c = rest[i];
            if (c is < ' ' or > '~')
                break;
            read.Append(c);
        }
        value = "";
        return false;
    }

    private static ReadOnlySpan<char> TakeToken(ref ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && IsToken(rest[length]))
            length++;
        var token = rest[..length];
        rest = rest[length..];
        return token;
    }
}
