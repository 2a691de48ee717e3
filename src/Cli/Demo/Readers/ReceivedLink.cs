namespace Delivery.Cli.Demo.Readers;

/// <param name="Name">The author's name for the link.</param>
/// <param name="Turn">How many links of that name stand before it in the message.</param>
/// <param name="Href">As in the message.</param>
internal sealed record ReceivedLink(string Name, int Turn, string Href);
