using System.ComponentModel.DataAnnotations;

namespace Delivery.Mta.Caps;

/// <summary>How often one person is written to; section <c>Mta:FrequencyCap</c>.</summary>
internal sealed class FrequencyCapOptions : IValidatableObject
{
    public const string Section = "Mta:FrequencyCap";

    /// <summary>Messages that one person gets from one account within <see cref="Span"/> at most; 0 for no cap.</summary>
    [Range(0, 100)]
    public int Messages { get; set; }

    /// <summary>The time that the cap looks back over, from each message.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan Span { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether transactional mail counts and is held to the cap as well.</summary>
    public bool Transactional { get; set; }

    /// <summary>Accounts with a cap of their own.</summary>
    public List<AccountCapOptions> Accounts { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Accounts.Count; i++)
        {
            var one = Accounts[i];
            if (one.Account == 0)
                yield return new ValidationResult($"{Section}:Accounts:{i}:Account must be an account's number, from 1.");
            if (one.Messages is < 0 or > 100)
                yield return new ValidationResult($"{Section}:Accounts:{i}:Messages must be between 0 and 100.");
            if (one.Span is { } span && (span < TimeSpan.FromSeconds(1) || span > TimeSpan.FromDays(90)))
                yield return new ValidationResult($"{Section}:Accounts:{i}:Span must be between 00:00:01 and 90.00:00:00.");
        }
    }
}
