namespace Delivery.Aggregator.Reports.Groups;

/// <summary>By what the recipients of a job are told apart.</summary>
/// <param name="Path">Last part of the address, and of the file's name.</param>
/// <param name="Column">Of table <c>recipients</c>.</param>
/// <param name="Name">What the group is called, as an expression over <c>value</c>, a value of the column.</param>
internal sealed record AudienceGrouping(string Path, string Column, string Name)
{
    public static AudienceGrouping Domains { get; } = new("domains", "domain", "value");

    public static AudienceGrouping Variants { get; } = new("variants", "variant", "value");

    public static AudienceGrouping Providers { get; } = new("providers", "domain", MailProviders.Sql);
}
