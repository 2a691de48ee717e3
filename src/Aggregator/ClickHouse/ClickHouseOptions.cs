using System.ComponentModel.DataAnnotations;

namespace Delivery.Aggregator.ClickHouse;

/// <summary>The analysts' database: a ClickHouse server, a cluster behind one address, or the embedded engine.</summary>
internal sealed class ClickHouseOptions
{
    /// <summary>The HTTP interface.</summary>
    [Required, Url]
    public string Url { get; set; } = "http://127.0.0.1:5083";

    /// <summary>Created at start where it does not exist.</summary>
    [Required, RegularExpression("^[A-Za-z_][A-Za-z0-9_]{0,63}$", ErrorMessage = "Aggregator:ClickHouse:Database is not a plain name (letters, digits and _).")]
    public string Database { get; set; } = "delivery";

    public string User { get; set; } = "default";

    public string? Password { get; set; }

    /// <summary>Longest wait for the answer to one statement or insert.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}
