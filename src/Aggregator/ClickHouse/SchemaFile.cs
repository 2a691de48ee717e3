using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>
/// One step of the schema: <c>001_events.sql</c> is version 1. A statement ends at a semicolon that ends a line. One that begins with
/// the line <c>-- unless TABLE</c> is for databases that have no such table.
/// </summary>
/// <param name="Checksum">SHA-256 of the text in lower-case hex.</param>
internal sealed record SchemaFile(uint Version, string Name, string Checksum, IReadOnlyList<string> Statements)
{
    /// <summary>The files built into this program, by version.</summary>
    public static IReadOnlyList<SchemaFile> BuiltIn { get; } = Load();

    public static SchemaFile Parse(string name, string text)
    {
        var statements = text.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SchemaFile(
            uint.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture),
            name,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            statements);
    }

    private static SchemaFile[] Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string Folder = ".ClickHouse.Schema.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return Parse(name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], reader.ReadToEnd());
                })
                .OrderBy(file => file.Version),
        ];
    }
}
