using System.ComponentModel.DataAnnotations;

namespace Delivery.EmbeddedClickHouse;

/// <summary>A user who may only read.</summary>
internal sealed class ReaderOptions
{
    /// <summary>The user's name, other than <c>default</c> and <c>reader</c>.</summary>
    [Required]
    [RegularExpression("^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
    public string Name { get; set; } = string.Empty;

    /// <summary>The user's password, 8 characters or more.</summary>
    [Required]
    [MinLength(8)]
    public string Password { get; set; } = string.Empty;

    /// <summary>The only account whose rows this user sees; 0 sees those of all.</summary>
    [Range(0L, uint.MaxValue)]
    public uint Account { get; set; }
}
