using System.ComponentModel.DataAnnotations;
using System.Net;
using Delivery.Contracts.Readers;
using Delivery.Tracker.Audience;
using Delivery.Tracker.Tls;
using Microsoft.Extensions.Options;

namespace Delivery.Tracker;

/// <summary>Settings of the tracker, section <c>Tracker</c>.</summary>
internal sealed class TrackerOptions : IValidatableObject
{
    public const string Section = "Tracker";

    /// <summary>Where it listens with http: a loopback address unless a proxy with TLS stands in front. Port 0 takes a free one. May be empty where HttpsUrl is set.</summary>
    [Required(AllowEmptyStrings = true)]
    public string Url { get; set; } = "http://127.0.0.1:5081";

    /// <summary>Where it listens with https, by the certificates of Certificates: <c>https://0.0.0.0:443</c>. None by default.</summary>
    public string? HttpsUrl { get; set; }

    /// <summary>Certificates for HttpsUrl; the client's wanted name chooses among them, and a name of none gets the first.</summary>
    public IList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>The key ring that the Mta signs with; made where there is none.</summary>
    [Required(ErrorMessage = "Tracker:KeysFile is not set: name the file of the tracking keys, the same as Mta:KeysFile.")]
    public string KeysFile { get; set; } = "";

    /// <summary>Folder of the journal. One tracker owns it.</summary>
    [Required]
    public string Journal { get; set; } = ".delivery/tracker-journal";

    /// <summary>Bytes of the journal on disk; beyond them events that Redis does not take are dropped and counted, and people still redirected.</summary>
    [Range(16_384, 1_099_511_627_776)]
    public long JournalMaxBytes { get; set; } = 2_147_483_648;

    /// <summary>A file of the journal is full at this many bytes; the journal is emptied by whole files.</summary>
    [Range(4_096, 1_073_741_824)]
    public int JournalSegmentBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>When the journal is flushed to disk: Unconfirmed (before an answer where Redis did not take the event), or Always.</summary>
    public JournalFsync JournalFsync { get; set; } = JournalFsync.Unconfirmed;

    /// <summary>Longest time, in milliseconds, that an answer waits for its event to be in Redis; then it waits for the journal to be on disk.</summary>
    [Range(1, 10_000)]
    public int RecordDeadlineMs { get; set; } = 250;

    /// <summary>Longest time, in milliseconds, that an answer waits at all; beyond it people are redirected though neither Redis nor the disk has answered.</summary>
    [Range(1, 60_000)]
    public int AnswerDeadlineMs { get; set; } = 2_000;

    /// <summary>Longest time, in milliseconds, that an unsubscribe that the journal did not take waits for Redis before it answers 503.</summary>
    [Range(100, 30_000)]
    public int UnsubscribeDeadlineMs { get; set; } = 3_000;

    /// <summary>After this many milliseconds without a reply an entry is published again (its outcome is unknown; repeating is harmless).</summary>
    [Range(50, 60_000)]
    public int PublishTimeoutMs { get; set; } = 2_000;

    /// <summary>An entry is full at this many records.</summary>
    [Range(1, 10_000)]
    public int EntryRecords { get; set; } = 500;

    /// <summary>An entry is full at this many bytes.</summary>
    [Range(1_024, 1_048_576)]
    public int EntryBytes { get; set; } = 128 * 1024;

    /// <summary>Bytes of events, per shard, in memory on their way to Redis and the journal; beyond them events are dropped and counted, and people still redirected.</summary>
    [Range(1_024, 1_073_741_824)]
    public int QueueBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Recordings, of all shards together, that wait for Redis or the disk at once; beyond them people are redirected at once, and events not kept and counted. Unsubscribes are kept all the same.</summary>
    [Range(1, 10_000_000)]
    public int MaxInFlight { get; set; } = 10_000;

    /// <summary>Openings and clicks a second of one client (an IPv4 address, an IPv6 /64) that are recorded; more are answered, not recorded, and counted. 0 is no limit. Never holds for this machine and <see cref="TrustedProxies"/>.</summary>
    [Range(0, 1_000_000)]
    public int ClientRecordsPerSecond { get; set; } = 200;

    /// <summary>Openings and clicks that a client may make at once before <see cref="ClientRecordsPerSecond"/> holds.</summary>
    [Range(1, 1_000_000)]
    public int ClientBurst { get; set; } = 400;

    /// <summary>How long the journal keeps what Redis has, so that a Redis that came back with an older state gets it again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan KeepAcknowledged { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time, in milliseconds, that a stopping tracker waits for Redis to take what waits; the rest stays in the journal.</summary>
    [Range(0, 60_000)]
    public int StopDeadlineMs { get; set; } = 5_000;

    /// <summary>Longest time, in milliseconds, that a stopping tracker goes on answering, and asks clients to leave, before it stops to listen.</summary>
    [Range(0, 60_000)]
    public int DrainMs { get; set; } = 2_000;

    /// <summary>Open connections at once; more are closed as they come.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c> is believed. None by default.</summary>
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>What events keep of readers' addresses: Truncated (IPv4 to /24, IPv6 to /48), Full or None.</summary>
    public IpAddresses IpAddresses { get; set; } = IpAddresses.Truncated;

    /// <summary>How opens and clicks get their class.</summary>
    [Required, ValidateObjectMembers]
    public ClassificationOptions Classification { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var serves = !string.IsNullOrEmpty(HttpsUrl);
        if (!(Url.Length == 0 && serves) && !IsListener(Url, Uri.UriSchemeHttp))
            yield return new ValidationResult($"Tracker:Url '{Url}' is not of the form http://address:port; https is Tracker:HttpsUrl.");
        if (serves && !IsListener(HttpsUrl!, Uri.UriSchemeHttps))
            yield return new ValidationResult($"Tracker:HttpsUrl '{HttpsUrl}' is not of the form https://address:port.");
        if (serves != Certificates.Count > 0)
            yield return new ValidationResult(serves ? "Tracker:HttpsUrl needs Tracker:Certificates:0:Path, a certificate in PEM." : "Tracker:Certificates is set, and Tracker:HttpsUrl is not.");
        for (var i = 0; i < Certificates.Count; i++)
        {
            if (Certificates[i].Path.Length == 0)
                yield return new ValidationResult($"Tracker:Certificates:{i}:Path is not set: name the file of the certificate.");
        }

        if (JournalMaxBytes < 4L * JournalSegmentBytes)
            yield return new ValidationResult($"Tracker:JournalMaxBytes ({JournalMaxBytes}) is less than four times Tracker:JournalSegmentBytes ({JournalSegmentBytes}).");
        foreach (var proxy in TrustedProxies)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                yield return new ValidationResult($"Tracker:TrustedProxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8.");
        }
    }

    private static bool IsListener(string text, string scheme) =>
        Uri.TryCreate(text.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var url)
        && url.Scheme == scheme && url.PathAndQuery == "/";
}
