using System.Text;
using System.Text.Json;

namespace Delivery.Cli.Jobs;

/// <summary>A job's status in lines for people: a name and its value each, as the API has them; counts of nobody are left out.</summary>
internal static class JobText
{
    private const int NameWidth = 12;

    public static string Of(JsonElement status)
    {
        var text = new StringBuilder();
        foreach (var field in status.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Number && field.Value.GetInt64() == 0)
                continue;
            if (text.Length > 0)
                text.Append('\n');
            text.Append(field.Name.PadRight(NameWidth)).Append(' ').Append(field.Value);
        }

        return text.ToString();
    }
}
