using System.Text.Json;

namespace Delivery.Mta.Jobs;

/// <summary>Reads <c>options</c>; also what the spool kept of a job.</summary>
internal static class OptionsParser
{
    public static JobOptions Parse(JsonElement element, List<FieldError> errors)
    {
        if (RequestObject.Open(element, "options", errors) is not { } options)
            return new JobOptions();
        var read = new JobOptions
        {
            OpenTracking = options.Flag("open_tracking", otherwise: true),
            ClickTracking = options.Flag("click_tracking", otherwise: true),
        };
        options.RefuseUnknown();
        return read;
    }
}
