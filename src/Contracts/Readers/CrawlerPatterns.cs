using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Delivery.Contracts.Readers;

/// <summary>
/// The public list of crawlers that is built in (see CrawlerList/README.md). Most patterns are plain texts and are looked for all at
/// once; the others are one expression without backtracking, so that no user agent takes long. Thread-safe.
/// </summary>
public sealed partial class CrawlerPatterns
{
    private const string Resource = "crawler-user-agents.json";
    private readonly SearchValues<string> _anyText;
    private readonly Regex _anyExpression;
    private readonly List<(string Text, string Reason)> _texts = [];
    private readonly List<(Regex Expression, string Reason)> _expressions = [];

    private CrawlerPatterns(IEnumerable<(string Pattern, string Reason)> patterns)
    {
        var together = new List<string>();
        foreach (var (pattern, reason) in patterns)
        {
            if (TryPlain(pattern, out var text))
            {
                _texts.Add((text, reason));
                continue;
            }

            _expressions.Add((new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), reason));
            together.Add($"(?:{pattern})");
        }

        _anyText = SearchValues.Create([.. _texts.Select(one => one.Text)], StringComparison.Ordinal);
        _anyExpression = new Regex(string.Join('|', together), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private static readonly Lazy<CrawlerPatterns> Shared = new(Load);

    /// <summary>Read when it is first asked for.</summary>
    public static CrawlerPatterns BuiltIn => Shared.Value;

    /// <summary>Patterns in use.</summary>
    public int Count => _texts.Count + _expressions.Count;

    /// <summary>The reason of the first pattern that fits, or null.</summary>
    public string? Find(string userAgent)
    {
        if (userAgent.AsSpan().ContainsAny(_anyText))
        {
            foreach (var (text, reason) in _texts)
            {
                if (userAgent.Contains(text, StringComparison.Ordinal))
                    return reason;
            }
        }

        if (_anyExpression.IsMatch(userAgent))
        {
            foreach (var (expression, reason) in _expressions)
            {
                if (expression.IsMatch(userAgent))
                    return reason;
            }
        }

        return null;
    }

    private static CrawlerPatterns Load()
    {
        using var stream = typeof(CrawlerPatterns).Assembly.GetManifestResourceStream(Resource)!;
        using var list = JsonDocument.Parse(stream);
        return new CrawlerPatterns(Read(list.RootElement).ToList());
    }

    private static IEnumerable<(string Pattern, string Reason)> Read(JsonElement list)
    {
        foreach (var entry in list.EnumerateArray())
        {
            var pattern = entry.GetProperty("pattern").GetString()!;
            if (!PeoplesPrograms.Patterns.Contains(pattern))
                yield return (pattern, Reason(entry));
        }
    }

    private static string Reason(JsonElement entry)
    {
        if (entry.TryGetProperty("tags", out var tags))
        {
            foreach (var tag in tags.EnumerateArray())
            {
                if (tag.ValueEquals("http-library"))
                    return "tool_user_agent";
                if (tag.ValueEquals("browser-automation"))
                    return "headless_browser";
            }
        }

        return "known_bot";
    }

    /// <summary>A pattern that is a text once its escapes are gone.</summary>
    private static bool TryPlain(string pattern, out string text)
    {
        text = Escape().Replace(pattern, "$1");
        return !Special().IsMatch(Escape().Replace(pattern, ""));
    }

    [GeneratedRegex(@"\\([^A-Za-z0-9])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\\\[\](){}.*+?^$|]")]
    private static partial Regex Special();
}
