using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>Names for people, as options give them.</summary>
internal static class LocalNames
{
    /// <summary>Null where the option was not given, empty for none.</summary>
    /// <param name="none">The word for none; null where there must be a name.</param>
    /// <exception cref="LaunchException">It cannot be a name.</exception>
    public static string? Given(string? text, string option, string? none)
    {
        if (text is null)
            return null;
        if (text == none)
            return "";
        return text.Length <= LocalName.MaxLength && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl)
            ? text
            : throw new LaunchException($"{option} has 1 to {LocalName.MaxLength} characters, without line breaks and control characters");
    }

    /// <summary>The name with what was given in its place; null where none is left, itself where nothing changes.</summary>
    public static LocalName? Changed(LocalName? name, string? en, string? he)
    {
        var changed = new LocalName { En = Part(name?.En, en), He = Part(name?.He, he) };
        return changed.En is null && changed.He is null ? null : changed == name ? name : changed;
    }

    private static string? Part(string? before, string? given) => given is null ? before : given.Length == 0 ? null : given;
}
