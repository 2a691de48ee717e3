using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Delivery.Contracts.Readers;

/// <summary>How opens and clicks get their class, section <c>Tracker:Classification</c>. The aggregator reads it too, to apply it to what is stored.</summary>
public sealed class ClassificationOptions
{
    public const string Section = "Tracker:Classification";

    /// <summary>A click sooner than this after the mail was made is a scanner's, reason <c>too_soon</c>. The clocks of Mta and tracker must agree; 0 switches it off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClickTooSoon { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for an opening.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan OpenTooSoon { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Networks whose readers are known. Of several that hold an address the longest decides.</summary>
    [ValidateEnumeratedItems]
    public List<ReaderNetwork> Networks { get; set; } = [];
}
