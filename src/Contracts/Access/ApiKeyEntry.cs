using System.ComponentModel.DataAnnotations;

namespace Delivery.Contracts.Access;

/// <summary>A key that stands in the settings.</summary>
public sealed class ApiKeyEntry
{
    /// <summary>The account that the key acts for, from 1.</summary>
    [Range(1, int.MaxValue)]
    public uint Account { get; set; } = 1;

    /// <summary>The secret itself, 16 to 200 printable ASCII characters. Give this or <see cref="Sha256"/>.</summary>
    public string? Key { get; set; }

    /// <summary>SHA-256 of the secret in hex, so that a settings file need not hold the secret.</summary>
    public string? Sha256 { get; set; }

    /// <summary>What the key may do: <c>submit</c>, <c>read</c>, <c>admin</c> with commas between, or <c>all</c>.</summary>
    public string Rights { get; set; } = "all";
}
