namespace Delivery.Contracts.Access;

/// <summary>What something is called, for people, by language. At least one of them is there.</summary>
public sealed record LocalName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 200;

    public string? En { get; init; }

    public string? He { get; init; }

    /// <summary>What cannot be a name, or null.</summary>
    internal string? Fault() => En is null && He is null ? "has neither en nor he" : Fault(En) ?? Fault(He);

    private static string? Fault(string? name) =>
        name is null || (name.Length is > 0 and <= MaxLength && !string.IsNullOrWhiteSpace(name) && !name.Any(char.IsControl))
            ? null
            : $"has a name that is empty, over {MaxLength} characters, or has a line break or control character";
}
