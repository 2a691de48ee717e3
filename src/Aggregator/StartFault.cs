using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Delivery.Aggregator;

/// <summary>Failures of the start that the operator can mend in the settings.</summary>
internal static class StartFault
{
    /// <summary>True, with one line for the operator, where the settings are at fault.</summary>
    public static bool Explains(Exception e, [NotNullWhen(true)] out string? line)
    {
        line = e switch
        {
            OptionsValidationException options => string.Join(" ", options.Failures),
            InvalidDataException or FileNotFoundException => e.Message,
            ArgumentException => e.Message,
            InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => e.InnerException?.Message ?? e.Message,
            _ => null,
        };
        line = line?.ReplaceLineEndings(" ");
        return line is not null;
    }
}
