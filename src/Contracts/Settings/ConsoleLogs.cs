using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Delivery.Contracts.Settings;

/// <summary>How a program writes its log.</summary>
public static class ConsoleLogs
{
    /// <summary>Lets <c>Logging:Console:FormatterName</c> choose, which the host's slim builder fixes: <c>simple</c> unless set, or <c>json</c>, <c>systemd</c>.</summary>
    public static void AddConsoleFormats(this ILoggingBuilder logging, IConfiguration configuration) =>
        logging.AddConsole(options =>
        {
            if (configuration["Logging:Console:FormatterName"] is { Length: > 0 } name)
                options.FormatterName = name;
        });
}
