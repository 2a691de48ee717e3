namespace Delivery.Contracts.Access;

/// <summary>Who may call the APIs. The Mta and the Aggregator have the same list.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "Access";

    /// <summary>Keys, each of one account; an account may have several.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; init; } = [];

    /// <summary>The file of accounts and keys that <c>delivery account</c> writes; null for none. It need not be there yet.</summary>
    public string? File { get; set; }
}
