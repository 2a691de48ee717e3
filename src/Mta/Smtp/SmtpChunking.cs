namespace Delivery.Mta.Smtp;

/// <summary>Whether bodies are sent with BDAT (RFC 3030), so that several messages are in flight on a connection.</summary>
internal enum SmtpChunking : byte
{
    /// <summary>Where the peer offers it, keeps its rules and is a round trip of <see cref="SmtpOptions.ChunkingMinRoundTrip"/> away.</summary>
    Auto,

    /// <summary>One message a round trip, with PIPELINING.</summary>
    Never,
}
