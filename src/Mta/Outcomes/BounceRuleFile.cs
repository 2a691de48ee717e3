using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Contracts.Events;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Outcomes;

/// <summary>Reads rules from JSON, <c>{"define": {…}, "rules": [{"name": …, "class": …, …}]}</c>; comments and trailing commas are allowed. docs/bounces.md says what a rule can hold.</summary>
internal static class BounceRuleFile
{
    private const string BuiltInName = "bounce-rules.json";
    private const int MostRules = 2_000;
    private const int MostWords = 500;

    /// <summary>
    /// For one pattern and one text. The worst of texts takes some milliseconds; where it takes longer the text is hostile or the pattern
    /// a mistake, and <see cref="BounceClassifier"/> asks no further rule.
    /// </summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly string[] Fields = ["name", "class", "scope", "suppress", "treat_as", "code", "status", "text", "pattern", "peer"];
    private static readonly string[] Scopes = ["recipient", "message", "session", "site"];

    /// <summary>
    /// The rules that come with the program. Their patterns are known to take quadratic time at most, so the backtracking engine runs them:
    /// without backtracking the same patterns take seconds and hundreds of megabytes to build. A match that takes too long is ended.
    /// </summary>
    public static IReadOnlyList<BounceRule> BuiltIn()
    {
        using var stream = typeof(BounceRuleFile).Assembly.GetManifestResourceStream(BuiltInName)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), BuiltInName, RegexOptions.None);
    }

    /// <exception cref="InvalidDataException">The file cannot be read or holds what is no rule; the message says where.</exception>
    public static IReadOnlyList<BounceRule> Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"Mta:BounceRulesFile cannot be read: {e.Message}");
        }
    }

    /// <param name="source">Leads the message of a fault.</param>
    /// <param name="engine">Without backtracking the time a text takes grows with its length alone, whatever the pattern.</param>
    /// <exception cref="InvalidDataException">It holds what is no rule; the message says where.</exception>
    public static IReadOnlyList<BounceRule> Parse(string json, string source, RegexOptions engine = RegexOptions.NonBacktracking)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Reading);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("rules", out var list) || list.ValueKind != JsonValueKind.Array
                || root.EnumerateObject().Any(field => field.Name is not ("rules" or "define")))
                throw new InvalidDataException($"{source}: must be an object with the list 'rules' and, where patterns share words, the object 'define'.");
            if (list.GetArrayLength() > MostRules)
                throw new InvalidDataException($"{source}: rules has more than {MostRules} entries.");
            var shared = new PatternWords(root, source);
            return [.. list.EnumerateArray().Select((rule, i) => Rule(rule, shared, engine, $"{source}: rules[{i}]"))];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source} is not valid JSON: {e.Message}");
        }
    }

    private static BounceRule Rule(JsonElement rule, PatternWords shared, RegexOptions engine, string at)
    {
        if (rule.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{at}: must be an object.");
        foreach (var field in rule.EnumerateObject())
        {
            if (!Fields.Contains(field.Name))
                throw new InvalidDataException($"{at}.{field.Name}: is not known here; known are {string.Join(", ", Fields)}.");
        }

        var name = Word(rule, "name", at) ?? throw new InvalidDataException($"{at}.name: is missing.");
        at = $"{at} ({name})";
        var className = Word(rule, "class", at) ?? throw new InvalidDataException($"{at}.class: is missing.");
        if (!BounceClassNames.TryParse(className, out var bounceClass) || bounceClass == BounceClass.None)
            throw new InvalidDataException($"{at}.class: '{className}' is no bounce class; docs/events.md lists those there are.");
        var scope = Scope(Word(rule, "scope", at), at);
        var suppress = rule.TryGetProperty("suppress", out var flag) && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? flag.GetBoolean() : throw new InvalidDataException($"{at}.suppress: must be true or false."));
        if (suppress && scope != FailureScope.Recipient)
            throw new InvalidDataException($"{at}.suppress: needs \"scope\": \"recipient\": nothing else says that an address does not exist.");

        var words = Words(rule, "text", at);
        var compiled = new BounceRule
        {
            Verdict = new BounceVerdict { Class = bounceClass, Scope = scope, AddressIsUnknown = suppress, Treatment = Treatment(Word(rule, "treat_as", at), at), Rule = name },
            Status = [.. Words(rule, "status", at).Select(text => StatusPattern.TryParse(text, out var pattern)
                ? pattern : throw new InvalidDataException($"{at}.status: '{text}' must be like 5.1.1 or 4.7.*."))],
            Code = [.. Words(rule, "code", at).Select(text => CodePattern.TryParse(text, out var pattern)
                ? pattern : throw new InvalidDataException($"{at}.code: '{text}' must be like 550, 55x or 5xx."))],
            Peer = [.. Words(rule, "peer", at).Select(text => text.LastIndexOf('*') <= 0 && (text[0] != '*' || text.StartsWith("*.", StringComparison.Ordinal))
                ? new PeerPattern(text) : throw new InvalidDataException($"{at}.peer: '{text}' must be a host name or like *.example.com."))],
            Text = words.Count == 0 ? null : SearchValues.Create([.. words], StringComparison.OrdinalIgnoreCase),
            Pattern = [.. Words(rule, "pattern", at).Select(text => Pattern(shared.Write(text, $"{at}.pattern"), engine, at))],
        };
        if (compiled.Status.Count + compiled.Code.Count + compiled.Peer.Count + compiled.Pattern.Count + words.Count == 0)
            throw new InvalidDataException($"{at}: has no condition; give code, status, text, pattern or peer.");
        return compiled;
    }

    private static FailureScope? Scope(string? name, string at)
    {
        if (name is null)
            return null;
        var index = Array.IndexOf(Scopes, name);
        return index >= 0 ? (FailureScope)index : throw new InvalidDataException($"{at}.scope: must be one of {string.Join(", ", Scopes)}.");
    }

    private static ReplyTreatment Treatment(string? name, string at) => name switch
    {
        null => ReplyTreatment.AsReplied,
        "deferred" => ReplyTreatment.Deferred,
        "bounced" => ReplyTreatment.Bounced,
        _ => throw new InvalidDataException($"{at}.treat_as: must be deferred or bounced."),
    };

    private static Regex Pattern(string text, RegexOptions engine, string at)
    {
        try
        {
            return new Regex(text, engine | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"{at}.pattern: {e.Message}");
        }
    }

    private static string? Word(JsonElement rule, string field, string at) =>
        !rule.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 100 } text ? text
        : throw new InvalidDataException($"{at}.{field}: must be a text of 1 to 100 characters.");

    private static List<string> Words(JsonElement rule, string field, string at)
    {
        if (!rule.TryGetProperty(field, out var list))
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MostWords)
            throw new InvalidDataException($"{at}.{field}: must be a list of 1 to {MostWords} texts.");
        return [.. list.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 500 } text
            ? text : throw new InvalidDataException($"{at}.{field}: each must be a text of 1 to 500 characters."))];
    }
}
