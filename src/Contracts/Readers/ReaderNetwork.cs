using System.ComponentModel.DataAnnotations;
using System.Net;
using Delivery.Contracts.Events;

namespace Delivery.Contracts.Readers;

/// <summary>Which events a network's class goes for.</summary>
public enum ReaderNetworkScope
{
    All = 0,
    Clicks = 1,
    Opens = 2,
}

/// <summary>A network whose readers are known to the operator.</summary>
public sealed class ReaderNetwork : IValidatableObject
{
    /// <summary>An address (<c>192.0.2.7</c>) or a network (<c>192.0.2.0/24</c>, <c>2001:db8::/32</c>).</summary>
    [Required]
    public string Network { get; set; } = "";

    /// <summary>Human, Proxy or Scanner.</summary>
    public ReaderClass Class { get; set; } = ReaderClass.Scanner;

    /// <summary>The word that events carry as the reason.</summary>
    [RegularExpression("^[a-z0-9_]{1,64}$")]
    public string Reason { get; set; } = "network";

    /// <summary>All, Clicks or Opens.</summary>
    public ReaderNetworkScope Applies { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Network, out _) && !IPNetwork.TryParse(Network, out _))
            yield return new ValidationResult($"Tracker:Classification:Networks: '{Network}' is neither an address nor a network such as 10.0.0.0/8.");
        if (!Enum.IsDefined(Class))
            yield return new ValidationResult($"Tracker:Classification:Networks: Class of {Network} is not Human, Proxy or Scanner.");
        if (!Enum.IsDefined(Applies))
            yield return new ValidationResult($"Tracker:Classification:Networks: Applies of {Network} is not All, Clicks or Opens.");
    }
}
