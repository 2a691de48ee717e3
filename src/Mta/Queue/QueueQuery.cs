using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Mta.Jobs;
using Delivery.Mta.Outcomes;
using Microsoft.Extensions.Primitives;

namespace Delivery.Mta.Queue;

/// <summary>Reads a question about the queue, from an address's query or from a body's fields, and collects every fault by name.</summary>
internal sealed partial class QueueQuery
{
    /// <summary>Recipients looked through for one answer.</summary>
    public const int LookedThrough = 50_000;

    private static readonly string[] FilterNames = ["job", "domain", "state", "reason", "class", "older_than"];
    private readonly Dictionary<string, string> _values;
    private readonly List<string> _known;

    private QueueQuery(Dictionary<string, string> values, IEnumerable<string> known)
    {
        _values = values;
        _known = [.. known];
    }

    public List<FieldError> Errors { get; } = [];

    public static QueueQuery Of(IEnumerable<KeyValuePair<string, StringValues>> query) =>
        new(query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), FilterNames);

    /// <summary>The same where the filter of the queue has no meaning.</summary>
    public static QueueQuery OfNames(IEnumerable<KeyValuePair<string, StringValues>> query) =>
        new(query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), []);

    /// <summary>A JSON object whose fields are texts, numbers and flags; null and an error for anything else.</summary>
    public static QueueQuery Of(JsonElement body)
    {
        var query = new QueueQuery([], FilterNames);
        if (body.ValueKind != JsonValueKind.Object)
        {
            query.Errors.Add(new FieldError("body", "must be a JSON object"));
            return query;
        }

        foreach (var property in body.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                query.Errors.Add(new FieldError(Short(property.Name), "must be a text, a number or a flag"));
            else if (property.Value.ValueKind == JsonValueKind.String && !FieldValue.TryText(property.Value, out _))
                query.Errors.Add(new FieldError(Short(property.Name), "has an incomplete surrogate pair"));
            else if (property.Value.ValueKind != JsonValueKind.Null)
                query._values[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
        }

        return query;
    }

    public QueueFilter Filter(uint account, ReplyClass classes)
    {
        ulong? job = null;
        if (Text("job") is { } id)
            job = JobIds.TryParse(id, out var parsed) ? parsed : Fault<ulong>("job", "must be the id of a job, as a decimal string");
        QueueState? state = null;
        if (Text("state") is { } word)
        {
            var at = Array.IndexOf(QueueStates.Names, word);
            state = at >= 0 ? (QueueState)at : Fault<QueueState>("state", $"must be one of {string.Join(", ", QueueStates.Names)}");
        }

        Contracts.Events.BounceClass? @class = null;
        if (Text("class") is { } name)
            @class = BounceClassNames.TryParse(name, out var value) ? value : Fault<Contracts.Events.BounceClass>("class", "must be a bounce class, such as mailbox_full");
        return new QueueFilter
        {
            Account = account,
            Job = job,
            Domain = Text("domain")?.TrimStart('@'),
            State = state,
            Reason = Text("reason"),
            Class = @class,
            OlderThan = Text("older_than") is { } age ? Duration("older_than", age) : null,
        };
    }

    /// <summary>Null where absent; empty is a fault.</summary>
    public string? Text(string name)
    {
        Know(name);
        if (!_values.TryGetValue(name, out var text))
            return null;
        if (text.Length is > 0 and <= 500)
            return text;
        Errors.Add(new FieldError(name, "must be 1 to 500 characters"));
        return null;
    }

    public int Number(string name, int otherwise, int most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : Fault<int>(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from 1 to {most}"));
    }

    public bool Flag(string name) => Text(name) is { } text && (text is "true" or "false" ? text == "true" : Fault<bool>(name, "must be true or false"));

    public QueueCursor After(QueueStage first) => Text("after") is not { } text ? QueueCursor.At(first)
        : QueueCursor.TryParse(text, out var cursor) ? cursor : Fault<QueueCursor>("after", "must be the next of the answer before");

    public T Fault<T>(string name, string message)
        where T : struct
    {
        Errors.Add(new FieldError(name, message));
        return default;
    }

    /// <summary>Call last: what was never asked for is unknown.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _values.Keys)
        {
            if (!_known.Contains(name) && Errors.Count < 10)
                Errors.Add(new FieldError(Short(name), $"is not known here; known are {string.Join(", ", _known)}"));
        }
    }

    private void Know(string name)
    {
        if (!_known.Contains(name))
            _known.Add(name);
    }

    private TimeSpan? Duration(string name, string text)
    {
        if (DurationPattern().Match(text) is { Success: true } match)
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return match.Groups[2].ValueSpan[0] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                _ => TimeSpan.FromDays(number),
            };
        }

        return Fault<TimeSpan>(name, "must be a number with s, m, h or d, such as 90s, 10m, 2h or 3d");
    }

    private static string Short(string name) => name.Length > 100 ? name[..100] : name;

    [GeneratedRegex("^([0-9]{1,6})([smhd])\\z")]
    private static partial Regex DurationPattern();
}
