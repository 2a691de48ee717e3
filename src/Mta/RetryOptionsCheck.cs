using System.Globalization;
using Delivery.Mta.Lanes;
using Microsoft.Extensions.Options;

namespace Delivery.Mta;

/// <summary>Checks what the annotations of <see cref="MtaOptions"/> cannot: the entries of <c>Mta:Retries</c>.</summary>
internal sealed class RetryOptionsCheck : IValidateOptions<MtaOptions>
{
    private const int Most = 1_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, MtaOptions options)
    {
        var faults = new List<string>();
        if (options.Retries.Count > Most)
            faults.Add($"Mta:Retries has more than {Most} entries.");
        for (var i = 0; i < options.Retries.Count; i++)
            Check(options.Retries[i], string.Create(CultureInfo.InvariantCulture, $"Mta:Retries:{i}"), faults);
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    private static void Check(RetryOverride entry, string at, List<string> faults)
    {
        var wild = entry.Domain.LastIndexOf('*');
        if (wild > 0 || (wild == 0 && !entry.Domain.StartsWith("*.", StringComparison.Ordinal)) || entry.Domain.Contains('@'))
            faults.Add($"{at}:Domain must be a domain or like *.example.com.");
        Check(entry.First, $"{at}:First", faults);
        Check(entry.Max, $"{at}:Max", faults);
        Check(entry.ExpireAfter, $"{at}:ExpireAfter", faults);
        if (entry.First is null && entry.Max is null && entry.ExpireAfter is null)
            faults.Add($"{at} changes nothing: give First, Max or ExpireAfter.");
    }

    private static void Check(TimeSpan? value, string name, List<string> faults)
    {
        if (value is { } time && (time < Shortest || time > Longest))
            faults.Add($"{name} must be from 00:00:00.1 to 30.00:00:00.");
    }
}
