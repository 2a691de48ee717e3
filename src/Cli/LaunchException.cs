namespace Delivery.Cli;

/// <summary>Something the operator can put right. The message is one line that says what to do; it is printed without a stack trace.</summary>
internal sealed class LaunchException(string message, int exitCode = ExitCodes.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
