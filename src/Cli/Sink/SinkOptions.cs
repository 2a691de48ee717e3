using System.Net;

namespace Delivery.Cli.Sink;

/// <summary>Where a sink listens and how much it takes from a client.</summary>
internal sealed record SinkOptions
{
    /// <summary>Port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Made if absent; each message is written there as NNNNNN.eml, numbered on from what it holds. Null keeps no files.</summary>
    public string? MessagesFolder { get; init; }

    /// <summary>What SIZE announces; longer messages are read to their end and answered 552.</summary>
    public int MaxMessageBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>The longest command line, without its line end.</summary>
    public int MaxCommandBytes { get; init; } = 2048;

    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Commands answered 5yz after which a connection is closed.</summary>
    public int MaxErrors { get; init; } = 50;

    public int MaxConnections { get; init; } = 500;

    /// <summary>How long a client may say nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
