using System.Globalization;
using System.Text;
using Delivery.EmbeddedClickHouse.Engine;

namespace Delivery.EmbeddedClickHouse.Http;

/// <summary>How long a statement may take: by its <c>max_execution_time</c> in the text or the URL, or by the front's settings.</summary>
internal static class TimeLimit
{
    private const string Setting = "max_execution_time";

    public static StatementLimit Of(QueryRequest request, Statement statement, EngineOptions options)
    {
        if (InText(statement.Sql) is { } seconds) return By(seconds, options);
        foreach (var (name, value) in request.Settings)
            if (name == Setting && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var given)) return By(given, options);
        return statement.Text.IsSelect && options.QueryTimeLimit > TimeSpan.Zero
            ? new StatementLimit(options.QueryTimeLimit, true)
            : new StatementLimit(options.StatementDeadline, false);
    }

    /// <summary>The setting that makes the engine keep to the front's default; null where the statement has one of its own or needs none.</summary>
    public static KeyValuePair<string, string>? Default(QueryRequest request, Statement statement, EngineOptions options) =>
        !statement.Text.IsSelect || options.QueryTimeLimit == TimeSpan.Zero || request.Settings.Any(setting => setting.Key == Setting) ? null
        : new(Setting, options.QueryTimeLimit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));

    private static StatementLimit By(double seconds, EngineOptions options) =>
        seconds > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? new StatementLimit(TimeSpan.FromSeconds(seconds), true) : new StatementLimit(options.StatementDeadline, false);

    /// <summary>The longest that the text names, as it may name one for each of its parts.</summary>
    private static double? InText(string sql)
    {
        if (!sql.Contains(Setting, StringComparison.OrdinalIgnoreCase)) return null;
        double? longest = null;
        string before = string.Empty, previous = string.Empty;
        for (var reader = new SqlTokenReader(Encoding.UTF8.GetBytes(sql)); reader.Read();)
        {
            var word = Encoding.UTF8.GetString(reader.Token).Trim('\'');
            if (previous == "=" && before.Equals(Setting, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
                longest = Math.Max(longest ?? 0, seconds);
            (before, previous) = (previous, word);
        }

        return longest;
    }
}
