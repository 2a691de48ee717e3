using System.ComponentModel.DataAnnotations;
using Delivery.Mta.Caps;
using Delivery.Mta.Lanes;
using Delivery.Mta.Smtp;

namespace Delivery.Mta;

/// <summary>Settings of the Mta; section <c>Mta</c>.</summary>
internal sealed class MtaOptions : IValidatableObject
{
    public const string Section = "Mta";

    /// <summary>Where the job API listens.</summary>
    [Required, Url]
    public string Url { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Folder of the spool. One Mta owns it.</summary>
    [Required]
    public string Spool { get; set; } = ".delivery/spool";

    /// <summary>The key ring shared with the tracker.</summary>
    [Required]
    public string KeysFile { get; set; } = ".delivery/keys.json";

    /// <summary>Folder of the DKIM keys, <c>DOMAIN/SELECTOR.pem</c>; mail from a domain without one is not signed.</summary>
    [Required]
    public string DkimFolder { get; set; } = ".delivery/dkim";

    /// <summary>The tracker's address as readers reach it: leads every tracked link.</summary>
    [Required, Url]
    public string TrackerUrl { get; set; } = "http://127.0.0.1:5081";

    /// <summary>The Aggregator's address as this program reaches it: asked who is in an audience. Empty: jobs to audiences are refused.</summary>
    public string ReportsUrl { get; set; } = "";

    /// <summary>Tells apart the job ids of several Mta nodes.</summary>
    [Range(0, 1023)]
    public int Node { get; set; }

    /// <summary>Last field of the Feedback-ID header, by which Gmail knows this sender: 5 to 15 letters, digits, '.', '_' or '-'. Empty: no header.</summary>
    [RegularExpression("^([A-Za-z0-9._-]{5,15})?$")]
    public string FeedbackSender { get; set; } = "delivery";

    /// <summary>Largest body of a request to the job API, in bytes.</summary>
    [Range(1024, 1L << 30)]
    public long MaxRequestBytes { get; set; } = 64L << 20;

    /// <summary>Most recipients of one call.</summary>
    [Range(1, 1_000_000)]
    public int MaxRecipientsPerCall { get; set; } = 10_000;

    /// <summary>Recipients without an outcome that the spool holds before new jobs and uploads are answered 429.</summary>
    [Range(1, long.MaxValue)]
    public long MaxOpenRecipients { get; set; } = 20_000_000;

    /// <summary>New jobs and uploads are answered 507 while the spool's disk has fewer bytes free: what is left is for outcomes. 0: until it is full.</summary>
    [Range(0, 1L << 50)]
    public long MinFreeBytes { get; set; } = 64L << 20;

    /// <summary>Recipients of bulk mail between the spool and their outcome at one time: bounds memory, and what a crash leaves uncertain. Transactional mail has a quarter more of its own.</summary>
    [Range(16, 65_536)]
    public int MaxInFlight { get; set; } = 1_024;

    /// <summary>Pause before the second attempt; doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Longest pause between attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "7.00:00:00")]
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long after its acceptance a recipient is tried before it expires.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>As <see cref="RetryFirst"/>, for transactional jobs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan TransactionalRetryFirst { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>As <see cref="RetryMax"/>, for transactional jobs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "7.00:00:00")]
    public TimeSpan TransactionalRetryMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>As <see cref="ExpireAfter"/>, for transactional jobs.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan TransactionalExpireAfter { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Retries that differ for accounts and domains; the first entry that matches a recipient holds.</summary>
    public IReadOnlyList<RetryOverride> Retries { get; set; } = [];

    /// <summary>Rules of the operator's own about replies, before those that come with the program; see docs/bounces.md. Empty: none.</summary>
    public string BounceRulesFile { get; set; } = "";

    /// <summary>Bulk mail waits when the mirror of the suppressions has not been confirmed for this long; transactional mail goes by the last copy known.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SuppressionMaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long published events, and suppressions of bounces, stay in the spool, to be sent again should Redis come back without them.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan KeepPublished { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a finished job stays in the spool, to be asked about.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan KeepFinished { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How fast accounts may send; those that are not here send as fast as the wire takes it.</summary>
    public List<AccountRateOptions> AccountRates { get; set; } = [];

    /// <summary>How often one person is written to; validated as a section of its own.</summary>
    public FrequencyCapOptions FrequencyCap { get; set; } = new();

    /// <summary>The relay and the limits of talking to it; validated as a section of its own.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ReportsUrl.Length > 0 && (!Uri.TryCreate(ReportsUrl, UriKind.Absolute, out var reports) || reports.Scheme is not ("http" or "https")
            || reports.Query.Length > 0 || reports.Fragment.Length > 0 || reports.UserInfo.Length > 0))
            yield return new ValidationResult("Mta:ReportsUrl must be an address of http or https without user, query and fragment, such as http://127.0.0.1:5082, or empty.");
        for (var i = 0; i < AccountRates.Count; i++)
        {
            if (AccountRates[i].Account == 0)
                yield return new ValidationResult($"Mta:AccountRates:{i}:Account must be an account's number, from 1.");
            if (AccountRates[i].PerSecond is not (>= 0.001 and <= 1_000_000))
                yield return new ValidationResult($"Mta:AccountRates:{i}:PerSecond must be between 0.001 and 1000000.");
        }
    }
}
