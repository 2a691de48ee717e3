using System.Text.Json;
using System.Text.RegularExpressions;

namespace Delivery.Mta.Outcomes;

/// <summary>
/// Parts of patterns that a file of rules names once, <c>"define": {"who": "(user|mailbox)"}</c>, and uses as <c>{who}</c>.
/// A part can use those before it. Immutable.
/// </summary>
internal sealed partial class PatternWords
{
    private const int MostWords = 100;
    private const int MostCharacters = 20_000;

    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    /// <param name="root">The file; without <c>define</c> there are no words.</param>
    /// <exception cref="InvalidDataException">A definition is none; the message says which.</exception>
    public PatternWords(JsonElement root, string source)
    {
        if (!root.TryGetProperty("define", out var words))
            return;
        if (words.ValueKind != JsonValueKind.Object || words.EnumerateObject().Count() > MostWords)
            throw new InvalidDataException($"{source}: define must be an object of at most {MostWords} texts.");
        foreach (var word in words.EnumerateObject())
        {
            var at = $"{source}: define.{word.Name}";
            if (!Reference().IsMatch($"{{{word.Name}}}"))
                throw new InvalidDataException($"{at}: a name is of 2 to 30 small letters.");
            if (word.Value.ValueKind != JsonValueKind.String || word.Value.GetString() is not { Length: > 0 and <= 1_000 } text)
                throw new InvalidDataException($"{at}: must be a text of 1 to 1000 characters.");
            _words[word.Name] = Write(text, at);
        }
    }

    /// <summary>The pattern with its words written out.</summary>
    /// <exception cref="InvalidDataException">It uses a word that is not defined, or gets too long.</exception>
    public string Write(string pattern, string at)
    {
        var written = Reference().Replace(pattern, use => _words.TryGetValue(use.Groups[1].Value, out var word)
            ? word : throw new InvalidDataException($"{at}: {use.Value} is not in define."));
        return written.Length <= MostCharacters ? written
            : throw new InvalidDataException($"{at}: is longer than {MostCharacters} characters when its words are written out.");
    }

    /// <summary>Quantifiers such as <c>{0,40}</c> and classes such as <c>\p{L}</c> are no references.</summary>
    [GeneratedRegex(@"\{([a-z]{2,30})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
