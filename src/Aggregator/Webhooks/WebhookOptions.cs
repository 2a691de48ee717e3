using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Delivery.Aggregator.Webhooks;

/// <summary>How events are sent to the receivers that accounts name.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Whether this aggregator sends; the API of webhooks answers all the same.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Networks that receivers may be in though they are not public, such as <c>10.1.0.0/16</c> or <c>127.0.0.1/32</c>. Checked against the address that is dialled.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Hosts that may be named with http; all others need https.</summary>
    public IList<string> PlainHttpHosts { get; init; } = [];

    /// <summary>Webhooks that an account may have.</summary>
    [Range(1, 1_000)]
    public int MaxPerAccount { get; set; } = 20;

    /// <summary>Events in one request at most.</summary>
    [Range(1, 1_000)]
    public int MaxBatchEvents { get; set; } = 500;

    /// <summary>Longest time from the first byte of a request to the end of its answer's head, connecting included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for looking up the host, connecting and TLS.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait after the first failure; each further one doubles it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between two attempts, where the receiver does not ask for more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait that a receiver can ask for with <c>Retry-After</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>After failures alone for so long a webhook is paused until somebody resumes it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "60.00:00:00")]
    public TimeSpan PauseAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Time between two looks for new events.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Requests under way at one time. A quarter of them is for receivers that failed last time, so that these do not keep the others waiting.</summary>
    [Range(4, 1_000)]
    public int MaxConcurrent { get; set; } = 64;

    /// <summary>For how long after a rotation the secret before signs too.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan OldSecretKept { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks)
        {
            if (!IPNetwork.TryParse(network, out _))
                yield return new ValidationResult($"Aggregator:Webhooks:AllowedNetworks: '{network}' is no network such as 10.0.0.0/8.");
        }

        if (LongestRetry < FirstRetry)
            yield return new ValidationResult("Aggregator:Webhooks:LongestRetry is shorter than FirstRetry.");
    }
}
