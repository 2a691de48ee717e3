using System.Text;

namespace Delivery.Testing;

/// <summary>A message that reached a peer wholly, whatever the answer to it was.</summary>
/// <param name="Raw">Without dot-stuffing and without the final dot's line.</param>
/// <param name="Wire">As it came, from after DATA up to and with the final dot's line; after BDAT its octets.</param>
public sealed record ReceivedMessage(int Connection, string MailLine, string Recipient, byte[] Raw, byte[] Wire)
{
    /// <summary>It came under TLS.</summary>
    public bool IsSecure { get; init; }

    public string Text => Encoding.Latin1.GetString(Raw);
}
