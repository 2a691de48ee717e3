using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Settings;

/// <summary>Turns what stops a start into the one line that an operator needs; anything else is a bug and keeps its stack trace.</summary>
public static partial class StartFault
{
    /// <summary>Exit code of a program that was not set up rightly.</summary>
    public const int ExitCode = 2;

    /// <summary>True for a fault of settings, files or ports; <paramref name="line"/> then says which.</summary>
    public static bool Explains(Exception fault, out string line)
    {
        var cause = fault is AggregateException { InnerExceptions: [var only] } ? only : fault;
        line = cause is OptionsValidationException validation ? string.Join(" ", validation.Failures) : cause.Message;
        if (cause is InvalidOperationException && cause.InnerException is { } inner)
            line = $"{line} {inner.Message}";
        line = line.ReplaceLineEndings(" ");
        if (UnknownSetting().Match(line) is { Success: true } unknown)
            line = $"unknown setting {unknown.Groups["names"].Value} in the section of {unknown.Groups["options"].Value}: docs/configuration.md lists those there are.";
        return cause is OptionsValidationException or InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException
            or InvalidOperationException or FormatException or System.Text.Json.JsonException or System.Net.Sockets.SocketException;
    }

    /// <summary>The framework's words for a key that no property has.</summary>
    [GeneratedRegex(@"^'ErrorOnUnknownConfiguration' was set .* instance of (?:\w+\.)*(?<options>\w+): (?<names>.+)$")]
    private static partial Regex UnknownSetting();
}
