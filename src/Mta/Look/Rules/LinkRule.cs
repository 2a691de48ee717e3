using System.Text.RegularExpressions;

namespace Delivery.Mta.Look.Rules;

/// <summary>Links of the HTML that lead nowhere, as far as their text tells. None is looked up on the network: a sender that fetches what a job names could be made to fetch anything.</summary>
internal sealed partial class LinkRule : Rule
{
    private const string Field = "content.html";
    private const int MaxShown = 200;

    public override void Look(LookMail mail, Findings findings)
    {
        foreach (var anchor in mail.Anchors)
            Look(mail, anchor, findings);
        foreach (var warning in mail.Content.Compiled.Warnings)
            findings.Add("link_not_tracked", Severity.Warning, warning.Field, warning.Message, $"{warning.Line}:{warning.Column}", Known(warning.Line), Known(warning.Column));
    }

    private static void Look(LookMail mail, Anchor anchor, Findings findings)
    {
        var url = anchor.Url;
        if (url.Contains("{{", StringComparison.Ordinal))
            return;
        var key = Key(mail, anchor);
        var shown = url.Length <= MaxShown ? url : url[..MaxShown] + "…";
        if (anchor.Tracked is { Url: "#" } script)
            findings.Add("link_script", Severity.Error, Field, $"a link runs a script ('{script.TemplateUrl}'): it leads nowhere in mail and is sent as '#'", key);
        else if (url.Length == 0 && mail.HasData)
            findings.Add("link_empty", Severity.Warning, Field, "a link has no address", key);
        else if (url == "#")
            findings.Add("link_empty", Severity.Warning, Field, "a link leads to '#', that is nowhere", "#");
        else if (url.Length > 0 && url[0] != '#')
            LookAtAddress(url, shown, key, findings);
    }

    private static void LookAtAddress(string url, string shown, string key, Findings findings)
    {
        var scheme = Scheme().Match(url) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : "";
        if (scheme is "javascript" or "vbscript" or "data")
            findings.Add("link_script", Severity.Error, Field, $"a link runs a script: '{shown}'", key);
        else if (scheme.Length == 0 || scheme is "localhost" || scheme.Contains('.', StringComparison.Ordinal))
            findings.Add("link_without_scheme", Severity.Warning, Field, $"'{shown}' leads nowhere in mail: write the whole address, with https://", key);
        else if (scheme is "http" or "https")
            LookAtWeb(url, scheme, shown, key, findings);
    }

    private static void LookAtWeb(string url, string scheme, string shown, string key, Findings findings)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            findings.Add("link_invalid", Severity.Warning, Field, $"'{shown}' is no complete address", key);
        else if (IsLocal(uri))
            findings.Add("link_local", Severity.Warning, Field, $"'{shown}' leads to the reader's own machine or network", key);
        else if (!uri.Host.Contains('.', StringComparison.Ordinal) && !uri.Host.Contains(':', StringComparison.Ordinal))
            findings.Add("link_invalid", Severity.Warning, Field, $"'{shown}' has a host without a domain", key);
        else if (scheme == "http")
            findings.Add("link_not_https", Severity.Info, Field, $"'{shown}' is not encrypted: use https", key);
    }

    private static bool IsLocal(Uri uri) => uri.IsLoopback || uri.Host == "0.0.0.0" || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || uri.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase) || PrivateNetwork().IsMatch(uri.Host);

    /// <summary>The address as the template has it; one for all that come from data alone.</summary>
    private static string Key(LookMail mail, Anchor anchor)
    {
        if (anchor.Tracked is { } tracked)
            return tracked.TemplateUrl;
        return mail.Content.Source.Html?.Contains(anchor.Url, StringComparison.Ordinal) == true ? anchor.Url : "";
    }

    private static int? Known(int place) => place == 0 ? null : place;

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*):")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^(?:10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|169\.254\.)[0-9.]+$")]
    private static partial Regex PrivateNetwork();
}
