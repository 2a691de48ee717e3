using System.CommandLine;

namespace Delivery.Cli.Bounces;

/// <summary><c>delivery bounces</c>: what is made of peers' replies.</summary>
internal static class BouncesCommand
{
    public static Command Create() =>
        new("bounces", "What the running Mta makes of the replies of other mail servers.") { UnknownRepliesCommand.Create(), ClassifyCommand.Create() };
}
