using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Api;

/// <summary>An API's refusal (RFC 9457) in one line.</summary>
internal static class ProblemText
{
    /// <summary>Title, detail and the fields it names; the answer itself where it is no problem+json.</summary>
    public static string Of(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            var text = new StringBuilder();
            foreach (var name in (ReadOnlySpan<string>)["title", "detail"])
            {
                if (json.RootElement.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } words)
                    text.Append(text.Length == 0 ? "" : ". ").Append(words.TrimEnd('.'));
            }

            if (json.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                foreach (var error in errors.EnumerateArray())
                {
                    var words = $"{error.GetProperty("field").GetString()} {error.GetProperty("message").GetString()}";
                    if (!text.ToString().Contains(words, StringComparison.Ordinal))
                        text.Append("; ").Append(words);
                }
            }

            return text.Length == 0 ? answer : text.ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return answer;
        }
    }
}
