using System.Text.Json;

namespace Delivery.Mta.Jobs.Uploads;

/// <summary>What a column's values are.</summary>
internal enum CsvColumnKind
{
    Data,
    Metadata,
    Email,
    Name,
    Id,
    Variant,
}

/// <param name="Field">The field of the data or metadata.</param>
internal readonly record struct CsvColumn(CsvColumnKind Kind, JsonEncodedText Field)
{
    private const string MetadataPrefix = "metadata.";

    public static CsvColumn Of(string name)
    {
        var kind = name.ToLowerInvariant() switch
        {
            "email" => CsvColumnKind.Email,
            "name" => CsvColumnKind.Name,
            "id" => CsvColumnKind.Id,
            "variant" => CsvColumnKind.Variant,
            _ => name.StartsWith(MetadataPrefix, StringComparison.Ordinal) ? CsvColumnKind.Metadata : CsvColumnKind.Data,
        };
        return new CsvColumn(kind, JsonEncodedText.Encode(kind == CsvColumnKind.Metadata ? name[MetadataPrefix.Length..] : name));
    }
}
