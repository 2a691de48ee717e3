using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Delivery.Contracts.Telemetry;

/// <summary>Who may look into the programs without a key; section <c>Operators</c>, the same for all of them.</summary>
public sealed class OperatorOptions : IValidatableObject
{
    public const string Section = "Operators";

    /// <summary>Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) that are answered at /metrics, /status and with details at /readyz, besides this machine.</summary>
    public IList<string> Addresses { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in Addresses)
        {
            if (!IPAddress.TryParse(address, out _) && !IPNetwork.TryParse(address, out _))
                yield return new ValidationResult($"Operators:Addresses: '{address}' is neither an address nor a network such as 10.0.0.0/8.");
        }
    }
}
