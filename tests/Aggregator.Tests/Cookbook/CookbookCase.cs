namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>One question with its parameters and the rows it must give, each as its fields with " | " between them.</summary>
public sealed record CookbookCase(string Question, IReadOnlyDictionary<string, string> Changes, IReadOnlyList<string> Rows)
{
    private static readonly Dictionary<string, string> Usual = new()
    {
        ["account"] = "7", ["job"] = "101", ["campaign"] = "spring", ["from"] = "2026-03-01 00:00:00", ["to"] = "2026-12-01 00:00:00",
        ["zone"] = "Europe/Berlin", ["position"] = "2", ["field"] = "segment", ["key"] = CookbookWorld.Key("7", "ann"), ["upstream_id"] = "hal", ["mails"] = "2",
    };

    public string Sql => CookbookPage.Statements[Question];

    /// <summary>Those that the statement has.</summary>
    public IReadOnlyDictionary<string, string> Parameters =>
        Usual.Where(pair => Sql.Contains($"{{{pair.Key}:", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => Changes.GetValueOrDefault(pair.Key, pair.Value));

    /// <summary>TSV as rows of fields with " | " between them; keys of the world by name.</summary>
    public static IReadOnlyList<string> RowsOf(string answer)
    {
        foreach (var name in (string[])["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ivy"])
            answer = answer.Replace(CookbookWorld.Key("7", name), $"key of {name}", StringComparison.Ordinal);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace("\t", " | ", StringComparison.Ordinal).TrimEnd())];
    }
}
