using System.ComponentModel.DataAnnotations;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Smtp;

/// <summary>The relay and the limits of talking to it. Timeouts' defaults are the minimums of RFC 5321 section 4.5.3.2.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    public const string Section = "Mta:Smtp";

    /// <summary>Host name or IP address of the relay.</summary>
    [Required(AllowEmptyStrings = false)]
    public string RelayHost { get; set; } = "127.0.0.1";

    [Range(1, 65535)]
    public int RelayPort { get; set; } = 25;

    /// <summary>The most connections that are open to the relay at once.</summary>
    [Range(1, 10_000)]
    public int Connections { get; set; } = 20;

    /// <summary>The name given at EHLO; null takes the machine's full name, or its address as a literal.</summary>
    [RegularExpression(@"[A-Za-z0-9]([A-Za-z0-9.\-]{0,253}[A-Za-z0-9])?|\[[0-9A-Fa-fIPv.:]{2,60}\]")]
    public string? EhloName { get; set; }

    /// <summary>How much TLS a connection must have: <c>none</c>, <c>opportunistic</c>, <c>required</c> or <c>verified</c>.</summary>
    [EnumDataType(typeof(TlsPolicy), ErrorMessage = "The field {0} must be none, opportunistic, required or verified.")]
    public TlsPolicy Tls { get; set; } = TlsPolicy.Opportunistic;

    /// <summary>The connection begins with TLS (RFC 8314), as on port 465, instead of asking for it by STARTTLS.</summary>
    public bool ImplicitTls { get; set; }

    /// <summary>The name that the relay's certificate must be for; null takes <see cref="RelayHost"/>.</summary>
    [RegularExpression(@"[A-Za-z0-9]([A-Za-z0-9.\-:]{0,253}[A-Za-z0-9])?")]
    public string? TlsServerName { get; set; }

    /// <summary>A PEM file with the authorities that are trusted, instead of the system's.</summary>
    public string? TlsCaFile { get; set; }

    /// <summary>With <see cref="TlsPolicy.Opportunistic"/>: how long connections go in the clear after a failed handshake. Zero: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan TlsFallback { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Who we are to the relay (AUTH); null gives no credentials. Needs TLS.</summary>
    [StringLength(320, MinimumLength = 1)]
    public string? User { get; set; }

    /// <summary>The password itself. Give this or <see cref="PasswordFile"/>.</summary>
    public string? Password { get; set; }

    /// <summary>A file whose only line is the password, read at each login.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>For name lookup and the TCP handshake together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For the banner, for EHLO's reply, for the TLS handshake and for each step of AUTH.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan GreetingTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For the whole reply to MAIL, and to RSET.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan MailTimeout { get; set; } = TimeSpan.FromMinutes(5);

    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RcptTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For the whole reply to DATA.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>For the socket to take one block of a body, at most 64 KB.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>For the whole reply to the final dot.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FinalReplyTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>For one message's way from MAIL to the reply to its dot, however steadily bytes trickle. Longer than <see cref="FinalReplyTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "04:00:00")]
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a connection without a message is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long messages on the wire may take to finish after a stop.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For QUIT and its reply.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan QuitTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Transactions after which a connection is closed and replaced.</summary>
    [Range(1, 1_000_000)]
    public int MaxMessagesPerConnection { get; set; } = 1000;

    /// <summary>Whether several messages are in flight on one connection where the relay offers CHUNKING (RFC 3030): Auto or Never.</summary>
    [EnumDataType(typeof(SmtpChunking))]
    public SmtpChunking Chunking { get; set; } = SmtpChunking.Auto;

    /// <summary>A relay that answers sooner gets one message a round trip, which costs less work.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ChunkingMinRoundTrip { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The most messages in flight on one connection with CHUNKING: what a lost connection can leave uncertain.</summary>
    [Range(1, 1000)]
    public int ChunkingMaxInFlight { get; set; } = 16;

    /// <summary>The most bytes of messages in flight on one connection with CHUNKING; a larger message is in flight alone.</summary>
    [Range(1024, 67_108_864)]
    public int ChunkingWindowBytes { get; set; } = 262_144;

    /// <summary>Age at which a connection takes no further message and is closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest reply line that is taken, without its line end.</summary>
    [Range(512, 65_536)]
    public int MaxReplyLineBytes { get; set; } = 2048;

    /// <summary>The longest reply that is taken, all its lines together.</summary>
    [Range(512, 1_048_576)]
    public int MaxReplyBytes { get; set; } = 65_536;

    [Range(1, 10_000)]
    public int MaxReplyLines { get; set; } = 100;

    /// <summary>The first pause after a failure to open a connection; doubles with each further one, less up to half by chance.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Where the pause stops growing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What no single setting shows.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => SmtpOptionsRules.Check(this);
}
