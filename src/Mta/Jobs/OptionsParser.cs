using System.Text.Json;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Reads <c>options</c>; also what the spool kept of a job.</summary>
internal static class OptionsParser
{
    private const int MaxUtmBytes = 200;
    private const double MinRate = 0.001;
    private const double MaxRate = 1_000_000;

    public static JobOptions Parse(JsonElement element, List<FieldError> errors)
    {
        if (RequestObject.Open(element, "options", errors) is not { } options)
            return new JobOptions();
        var read = new JobOptions
        {
            OpenTracking = options.Flag("open_tracking", otherwise: true),
            ClickTracking = options.Flag("click_tracking", otherwise: true),
            ScannerLink = options.Flag("scanner_link", otherwise: false),
            Transactional = options.Flag("transactional", otherwise: false),
            StartTime = options.Time("start_time"),
            Expires = options.Time("expires"),
            MaxRate = options.Number("max_rate", MinRate, MaxRate),
            List = options.Whole("list", 1, JobOptions.MaxList) ?? 0,
            Sandbox = options.Flag("sandbox", otherwise: false),
            Check = Check(options),
            Utm = Utm(options),
        };
        if (read is { ScannerLink: true, ClickTracking: false })
            options.Fault("scanner_link", "needs click_tracking; leave one of them out");
        options.RefuseUnknown();
        return read;
    }

    private static CheckMode Check(RequestObject options)
    {
        switch (options.Text("check", 16))
        {
            case null or "off":
                return CheckMode.Off;
            case "warn":
                return CheckMode.Warn;
            case "strict":
                return CheckMode.Strict;
            default:
                options.Fault("check", "must be 'off', 'warn' or 'strict'");
                return CheckMode.Off;
        }
    }

    private static UtmParameters? Utm(RequestObject options)
    {
        if (options.Object("utm", required: false) is not { } utm)
            return null;
        var read = new UtmParameters
        {
            Source = utm.Line("source", MaxUtmBytes),
            Medium = utm.Line("medium", MaxUtmBytes),
            Campaign = utm.Line("campaign", MaxUtmBytes),
            Term = utm.Line("term", MaxUtmBytes),
            Content = utm.Line("content", MaxUtmBytes),
        };
        utm.RefuseUnknown();
        return read;
    }
}
