using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Delivery.EmbeddedClickHouse;

/// <summary>What the annotations of <see cref="EngineOptions"/> cannot say of readers and of what they read.</summary>
internal sealed partial class ReaderValidator : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        foreach (var table in (options.AccountTables ?? []).Concat(options.AccountViews ?? []))
            if (!TableName().IsMatch(table)) return ValidateOptionsResult.Fail($"EmbeddedClickHouse:AccountTables and AccountViews name a table as database.table, of letters, digits and _: '{table}'");
        var names = new HashSet<string>(StringComparer.Ordinal) { "default", "reader" };
        foreach (var reader in options.Readers)
            if (!names.Add(reader.Name)) return ValidateOptionsResult.Fail($"EmbeddedClickHouse:Readers: the name {reader.Name} is taken");
        return ValidateOptionsResult.Success;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex TableName();
}
