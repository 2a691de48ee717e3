using System.Text;

namespace Delivery.Aggregator.Reports.Groups;

/// <summary>
/// Who keeps the mailboxes of a domain, as far as the domain tells: domains of their own that companies keep at Google or Microsoft
/// count as <c>other</c>. Blank domains are those of recipients who were erased.
/// </summary>
internal static class MailProviders
{
    /// <summary>Domains by provider; one that ends with <c>.*</c> stands for all countries (<c>yahoo.co.uk</c>).</summary>
    private static readonly (string Provider, string[] Domains)[] Known =
    [
        ("gmail", ["gmail.com", "googlemail.com"]),
        ("outlook", ["outlook.*", "hotmail.*", "live.*", "msn.com", "passport.com", "windowslive.com"]),
        ("yahoo", ["yahoo.*", "ymail.com", "rocketmail.com", "aol.*", "aim.com", "netscape.net", "verizon.net"]),
        ("apple", ["icloud.com", "me.com", "mac.com", "privaterelay.appleid.com"]),
        ("gmx", ["gmx.*", "web.de", "mail.com", "email.com", "caramail.com"]),
        ("proton", ["proton.me", "protonmail.com", "protonmail.ch", "pm.me"]),
        ("zoho", ["zoho.*", "zohomail.*"]),
        ("fastmail", ["fastmail.com", "fastmail.fm"]),
        ("comcast", ["comcast.net", "xfinity.com"]),
        ("att", ["att.net", "sbcglobal.net", "bellsouth.net"]),
        ("t-online", ["t-online.de", "magenta.de"]),
        ("orange", ["orange.fr", "wanadoo.fr"]),
        ("laposte", ["laposte.net"]),
        ("free", ["free.fr"]),
        ("libero", ["libero.it", "virgilio.it"]),
        ("yandex", ["yandex.*", "ya.ru"]),
        ("mail.ru", ["mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru"]),
        ("walla", ["walla.co.il", "walla.com"]),
        ("bezeq", ["bezeqint.net", "netvision.net.il", "012.net.il", "013.net", "zahav.net.il"]),
        ("qq", ["qq.com", "foxmail.com"]),
        ("netease", ["163.com", "126.com", "yeah.net"]),
        ("naver", ["naver.com"]),
    ];

    /// <summary>The provider of <c>value</c>, a domain.</summary>
    public static string Sql { get; } = Write();

    private static string Write()
    {
        var sql = new StringBuilder("multiIf(value = '', ''");
        foreach (var (provider, domains) in Known)
        {
            sql.Append(", value IN (").AppendJoin(',', domains.Where(domain => !domain.EndsWith(".*", StringComparison.Ordinal)).Append("").Select(domain => $"'{domain}'")).Append(')');
            foreach (var family in domains.Where(domain => domain.EndsWith(".*", StringComparison.Ordinal)))
                sql.Append(" OR match(value, '^").Append(family[..^2]).Append("\\\\.(com|net|[a-z]{2}|(com?|net|org)\\\\.[a-z]{2})$')");
            sql.Append(", '").Append(provider).Append('\'');
        }

        return sql.Append(", 'other')").ToString();
    }
}
