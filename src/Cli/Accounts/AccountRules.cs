using System.CommandLine;
using System.Globalization;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>What <c>account add</c> and <c>account set</c> can say of an account; null where they do not.</summary>
internal sealed record AccountRules
{
    private const string AnyDomain = "any";
    private const string NoCap = "none";

    public IReadOnlyList<string>? FromDomains { get; init; }

    /// <summary>-1 takes the cap away.</summary>
    public long? MaxRecipientsPerDay { get; init; }

    /// <inheritdoc cref="MaxRecipientsPerDay"/>
    public long? MaxJobs { get; init; }

    /// <summary>Empty takes it away.</summary>
    public string? TrackingUrl { get; init; }

    /// <inheritdoc cref="TrackingUrl"/>
    public string? DisplayName { get; init; }

    /// <inheritdoc cref="TrackingUrl"/>
    public string? DisplayNameHe { get; init; }

    /// <inheritdoc cref="TrackingUrl"/>
    public string? TimeZone { get; init; }

    public bool Enable { get; init; }

    /// <summary>The account itself where nothing of it changes.</summary>
    public Account ApplyTo(Account account)
    {
        var changed = account with
        {
            FromDomains = FromDomains ?? account.FromDomains,
            MaxRecipientsPerDay = MaxRecipientsPerDay is { } day ? day < 0 ? null : day : account.MaxRecipientsPerDay,
            MaxJobs = MaxJobs is { } jobs ? jobs < 0 ? null : (int)jobs : account.MaxJobs,
            TrackingUrl = TrackingUrl is { } url ? NullIfEmpty(url) : account.TrackingUrl,
            TimeZone = TimeZone is { } zone ? NullIfEmpty(zone) : account.TimeZone,
            DisplayName = LocalNames.Changed(account.DisplayName, DisplayName, DisplayNameHe),
            Disabled = account.Disabled && !Enable,
        };
        return changed.FromDomains.SequenceEqual(account.FromDomains) && changed with { FromDomains = account.FromDomains } == account ? account : changed;
    }

    /// <summary>The options of a command, and how to read what was given.</summary>
    public static Func<ParseResult, AccountRules> AddTo(Command command, bool canEnable)
    {
        var domains = new Option<string[]>("--from-domain")
        {
            HelpName = "D", Description = $"a domain that its mail may be from; *.D for all below it; may be repeated{(canEnable ? $" and replaces those before; '{AnyDomain}' for all" : "")} [default: any]",
        };
        var day = new Option<string?>("--max-recipients-per-day") { HelpName = "N", Description = $"recipients that an Mta takes in a day (UTC){(canEnable ? $"; '{NoCap}' for any number" : "")}" };
        var jobs = new Option<string?>("--max-jobs") { HelpName = "N", Description = $"jobs that may be open or unfinished at one time on an Mta{(canEnable ? $"; '{NoCap}' for any number" : "")}" };
        var tracking = new Option<string?>("--tracking-url") { HelpName = "URL", Description = $"where the links of its mail lead, https://links.example.com, in the place of Mta:TrackerUrl; the name must lead to the tracker{(canEnable ? $"; '{NoCap}' for Mta:TrackerUrl" : "")}" };
        var name = new Option<string?>("--display-name") { HelpName = "NAME", Description = $"what its readers know it as, in English or any language; the unsubscribe page says it{(canEnable ? $"; '{NoCap}' for none" : "")}" };
        var nameHe = new Option<string?>("--display-name-he") { HelpName = "NAME", Description = "the same in Hebrew" };
        var zone = new Option<string?>("--time-zone") { HelpName = "ZONE", Description = $"by which its reports count days and hours, an IANA name such as Europe/Berlin{(canEnable ? $"; '{NoCap}' for UTC" : "")} [default: UTC]" };
        var enable = new Option<bool>("--enable") { Description = "takes back account remove" };
        command.Add(domains);
        command.Add(day);
        command.Add(jobs);
        command.Add(tracking);
        command.Add(name);
        command.Add(nameHe);
        command.Add(zone);
        if (canEnable)
            command.Add(enable);
        return parsed => new AccountRules
        {
            FromDomains = parsed.GetValue(domains) is { Length: > 0 } given ? Domains(given) : null,
            MaxRecipientsPerDay = Cap(parsed.GetValue(day), "--max-recipients-per-day", long.MaxValue),
            MaxJobs = Cap(parsed.GetValue(jobs), "--max-jobs", int.MaxValue),
            TrackingUrl = Url(parsed.GetValue(tracking)),
            DisplayName = LocalNames.Given(parsed.GetValue(name), "--display-name", NoCap),
            DisplayNameHe = LocalNames.Given(parsed.GetValue(nameHe), "--display-name-he", NoCap),
            TimeZone = Zone(parsed.GetValue(zone)),
            Enable = canEnable && parsed.GetValue(enable),
        };
    }

    private static long? Cap(string? text, string option, long most)
    {
        if (text is null)
            return null;
        if (text == NoCap)
            return -1;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new LaunchException($"{option}: '{text}' is no number from 0 to {most}, nor '{NoCap}'");
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>Written as the file has it: scheme, host in A-labels, port where it is not the scheme's.</summary>
    private static string? Url(string? text)
    {
        if (text is null)
            return null;
        if (text == NoCap)
            return "";
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && Contracts.Access.TrackingUrl.TryParse(new UriBuilder(url) { Host = url.IdnHost }.Uri.AbsoluteUri, out var plain)
            ? plain.GetLeftPart(UriPartial.Authority)
            : throw new LaunchException($"--tracking-url: '{text}' is not of the form {Contracts.Access.TrackingUrl.Form}");
    }

    /// <summary>A machine without data on time zones cannot tell whether there is one of this name: then its form has to do.</summary>
    private static string? Zone(string? text)
    {
        if (text is null)
            return null;
        if (text == NoCap)
            return "";
        var known = text == "UTC" || (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? zone.HasIanaId : TimeZoneInfo.GetSystemTimeZones().Count <= 1);
        return known && TimeZoneName.IsWellFormed(text)
            ? text
            : throw new LaunchException($"--time-zone: '{text}' is not known: give an IANA name such as Europe/Berlin, or '{NoCap}' for UTC");
    }

    private static List<string> Domains(string[] given)
    {
        if (given is [AnyDomain])
            return [];
        return [.. given.Select(Domain).Distinct(StringComparer.Ordinal)];
    }

    private static string Domain(string text)
    {
        var below = text.StartsWith("*.", StringComparison.Ordinal);
        var name = below ? text[2..] : text;
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(name).ToLowerInvariant();
            if (ascii.Length <= 253 && Uri.CheckHostName(ascii) == UriHostNameType.Dns && ascii[^1] != '.')
                return below ? "*." + ascii : ascii;
        }
        catch (ArgumentException)
        {
            // Said below.
        }

        throw new LaunchException($"--from-domain: '{text}' is neither a domain such as example.com, nor *.example.com, nor '{AnyDomain}'");
    }
}
