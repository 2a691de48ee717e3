namespace Delivery.Mta.Jobs.Uploads;

/// <summary>A recipient as a line gave it, checked. Data and metadata are JSON objects, null for none.</summary>
internal readonly record struct UploadedRecipient(string Email, string? Name, string? Id, string? Variant, byte[]? SubstitutionData, byte[]? Metadata);
