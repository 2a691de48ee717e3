namespace Delivery.Cli.Demo.Readers;

/// <summary>What a mail client makes of a delivered message.</summary>
/// <param name="Links">Every link of the HTML part that has an address, in order.</param>
/// <param name="Pixel">The image that is loaded when the mail is opened, or null.</param>
/// <param name="OneClick">Where one POST unsubscribes (RFC 8058), or null where the message does not offer it.</param>
internal sealed record ReceivedMail(string Subject, IReadOnlyList<ReceivedLink> Links, Uri? Pixel, Uri? OneClick);
