using System.CommandLine;
using System.Text.Json;

namespace Delivery.Cli.Queue;

/// <summary>The options that say which recipients are meant, the same for all that queue does.</summary>
internal sealed class QueueFilterOptions
{
    private readonly Option<string>[] _options =
    [
        new("--job") { HelpName = "ID", Description = "of this job" },
        new("--domain") { HelpName = "DOMAIN", Description = "to addresses of this domain" },
        new("--reason") { HelpName = "TEXT", Description = "whose last reply holds this text" },
        new("--class") { HelpName = "CLASS", Description = "whose last reply is of this bounce class, such as mailbox_full" },
        new("--older-than") { HelpName = "TIME", Description = "waiting for at least 90s, 10m, 2h or 3d" },
    ];

    private readonly Option<string> _state = new("--state") { HelpName = "STATE", Description = "in_flight, deferred, waiting or held" };

    /// <param name="withState">Offer <c>--state</c>, too.</param>
    public void AddTo(Command command, bool withState)
    {
        foreach (var option in _options)
            command.Add(option);
        if (withState)
            command.Add(_state);
    }

    /// <summary>What was given, by the API's names.</summary>
    public Dictionary<string, string> Read(ParseResult parsed)
    {
        var given = new Dictionary<string, string>();
        foreach (var option in (IEnumerable<Option<string>>)[.. _options, _state])
        {
            if (parsed.CommandResult.Command.Options.Contains(option) && parsed.GetValue(option) is { } value)
                given[option.Name.TrimStart('-').Replace('-', '_')] = value;
        }

        return given;
    }

    /// <summary>As the query of an address.</summary>
    public static string Query(string path, IEnumerable<KeyValuePair<string, string>> values)
    {
        var query = string.Join('&', values.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>As a JSON body.</summary>
    public static byte[] Body(IEnumerable<KeyValuePair<string, object>> values)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values)
            {
                if (value is string text)
                    json.WriteString(name, text);
                else if (value is int number)
                    json.WriteNumber(name, number);
                else
                    json.WriteBoolean(name, (bool)value);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
