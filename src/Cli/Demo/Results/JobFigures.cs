namespace Delivery.Cli.Demo.Results;

/// <summary>What became of a job, by people's doing: as the readers counted it, or as ClickHouse tells it.</summary>
internal sealed record JobFigures
{
    public string Job { get; init; } = "";

    /// <summary>Accepted for sending, or asked for.</summary>
    public long Recipients { get; init; }

    public long Delivered { get; init; }

    public required TotalAndUnique Opens { get; init; }

    public required TotalAndUnique Clicks { get; init; }

    public long Unsubscribes { get; init; }

    /// <summary>Every tracked link of the HTML, clicked or not, by position.</summary>
    public required IReadOnlyList<LinkFigures> Links { get; init; }

    /// <summary>One line for each figure that is not the same in <paramref name="expected"/>.</summary>
    /// <param name="source">Who gave these figures, for the lines.</param>
    public IReadOnlyList<string> DifferencesTo(string source, JobFigures expected)
    {
        var differences = new List<string>();
        if (Recipients != expected.Recipients)
            differences.Add($"recipients: {source} has {Recipients}, {expected.Recipients} were submitted");
        Compare(differences, source, "delivered", Delivered, expected.Delivered);
        Compare(differences, source, "opens", Opens, expected.Opens);
        Compare(differences, source, "clicks", Clicks, expected.Clicks);
        Compare(differences, source, "unsubscribes", Unsubscribes, expected.Unsubscribes);
        foreach (var position in Links.Concat(expected.Links).Select(link => link.Position).Distinct().Order())
        {
            Compare(differences, source, $"link at position {position}",
                Links.FirstOrDefault(link => link.Position == position), expected.Links.FirstOrDefault(link => link.Position == position));
        }

        return differences;
    }

    private static void Compare<T>(List<string> differences, string source, string what, T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            differences.Add($"{what}: {source} has {Text(actual)}, the readers did {Text(expected)}");
    }

    private static string Text<T>(T value) => value is null ? "nothing" : value.ToString()!;
}
