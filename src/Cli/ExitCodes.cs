namespace Delivery.Cli;

/// <summary>What the launcher's end means to a script.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A program failed, or the demo's figures differ from what its readers did.</summary>
    public const int Failure = 1;

    /// <summary>An option, a setting, a port or a server named by the operator does not fit.</summary>
    public const int Usage = 2;
}
