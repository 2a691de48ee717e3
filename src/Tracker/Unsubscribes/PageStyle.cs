using System.Security.Cryptography;
using System.Text;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>How the pages look, and the policy that lets nothing but this style and the page's own forms work.</summary>
internal static class PageStyle
{
    public const string Css =
        ":root{color-scheme:light dark;--ink:#1b1f2a;--soft:#4a5162;--paper:#fff;--main:#1b49c4;--on:#fff;--ring:#b45309;--bad:#a11212}"
        + "@media(prefers-color-scheme:dark){:root{--ink:#eef0f5;--soft:#b9c0cf;--paper:#14171f;--main:#9db8ff;--on:#0b1230;--ring:#fbbf24;--bad:#ffa4a4}}"
        + "*{box-sizing:border-box}"
        + "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Noto Sans Hebrew\",Arial,sans-serif;overflow-wrap:anywhere}"
        + "main{max-width:34rem;margin:0 auto;padding:clamp(1.5rem,10vh,6rem) 1.25rem 3rem}"
        + "h1{font-size:1.625rem;line-height:1.3;margin:0 0 .75rem}"
        + "p{margin:0 0 1rem}.soft{color:var(--soft)}.bad{color:var(--bad);font-weight:600}"
        + "form{margin:1.5rem 0 0}form+form{margin-top:2rem}"
        + "fieldset{border:0;margin:0 0 1.25rem;padding:0;min-width:0}legend{padding:0;margin:0 0 .5rem;font-weight:600}"
        + "label{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;padding:.375rem 0;cursor:pointer}"
        + "input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--main)}"
        + "button{font:inherit;font-weight:600;min-height:3rem;padding:.625rem 1.75rem;border:2px solid var(--main);border-radius:.5rem;background:var(--main);color:var(--on);cursor:pointer}"
        + "button.second{background:transparent;color:var(--main)}"
        + "input:focus-visible,button:focus-visible{outline:3px solid var(--ring);outline-offset:3px}"
        + "ul{margin:0 0 1rem;padding-inline-start:1.5rem}"
        + "@media(max-width:30rem){button{width:100%}}";

    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
