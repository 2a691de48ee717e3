namespace Delivery.Integration.Tests.Dashboard;

/// <summary>Mails that are laid out as mails are: by tables with images, as plain paragraphs, from right to left; and one that means harm.</summary>
internal static class PageMails
{
    public const string Hostile = "\"><img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>";

    /// <summary>Position 6 is in the mail and cannot be seen.</summary>
    public const string Tables = """
        <html lang="en"><head><style>.cta{border-radius:6px} body{font-family:Arial,sans-serif}</style></head>
        <body style="margin:0;background:#eeeef2"><table width="600" align="center" cellpadding="0" cellspacing="0" style="background:#ffffff">
        <tr><td><a href="https://shop.example/spring"><img src="https://img.shop.example/hero.png" width="600" height="220" alt="Spring is here" style="display:block"></a></td></tr>
        <tr><td style="padding:18px 24px"><h1 style="margin:0">Hello {{name}}, fresh for the table</h1><p>Linen, glass and clay, made slowly. <a href="https://shop.example/story">How we make them</a></p></td></tr>
        <tr><td><table width="100%" cellpadding="12"><tr>
        <td width="50%"><a href="https://shop.example/cups?who={{n}}"><img src="https://img.shop.example/cups.png" width="264" height="150" alt="Cups"></a></td>
        <td width="50%"><a href="https://shop.example/jugs"><img src="https://img.shop.example/jugs.png" width="264" height="150" alt="Jugs"></a></td></tr></table></td></tr>
        <tr><td align="center" style="padding:24px"><a class="cta" href="https://shop.example/buy" style="display:inline-block;padding:14px 36px;background:#136f4a;color:#ffffff;text-decoration:none">Shop now</a></td></tr>
        <tr><td><div style="display:none"><a href="https://shop.example/unseen">Not seen</a></div></td></tr>
        <tr><td style="padding:18px 24px;font-size:12px;color:#555555"><a href="https://shop.example/terms">Terms</a> &middot; <a href="{{unsubscribe_url}}">Unsubscribe</a></td></tr>
        </table></body></html>
        """;

    public const string Plain = """
        <p>Hello {{name}},</p><p>two things this week: <a href="https://shop.example/sale?who={{n}}">the sale</a> and <a href="https://shop.example/news">what is new</a>.
        All the rest is <a href="https://shop.example/all">in the shop</a>.</p><p><a href="{{unsubscribe_url}}">leave</a></p>
        """;

    /// <summary>Position 2 is in a loop, 3 and 4 are the two ways of a condition; the mail as it is shown has both.</summary>
    public const string Hebrew = """
        <html lang="he" dir="rtl"><body style="margin:0;font-family:Arial,sans-serif"><table width="560" align="center" cellpadding="16"><tr><td>
        <h1>שלום {{name}}</h1><p>קיץ חדש בחנות, <a href="https://shop.example/summer">לכל המבצעים</a></p>
        <ul>{{#each items}}<li><a href="https://shop.example/p/{{this}}">מוצר {{this}}</a> במחיר חברים</li>{{/each}}</ul>
        {{#if vip}}<p><a href="https://shop.example/vip">להטבת המועדון</a></p>{{else}}<p><a href="https://shop.example/join">להצטרפות למועדון</a></p>{{/if}}
        <p><a href="{{unsubscribe_url}}">הסרה</a></p></td></tr></table></body></html>
        """;

    public const string Harm = """
        <html><head><link rel="stylesheet" href="https://evil.example/a.css"><meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">
        <style>@import url("https://evil.example/b.css"); body{background:url(https://evil.example/c.png)} @font-face{font-family:x;src:url(https://evil.example/d.woff)} p{font-family:x}</style></head>
        <body onload="window.parent.harmed=1" background="https://evil.example/e.png"><script>window.parent.harmed=1</script><iframe src="https://evil.example/f"></iframe>
        <svg onload="window.parent.harmed=1"><image href="https://evil.example/g.png"/></svg><img src="https://evil.example/h.png" srcset="https://evil.example/i.png 2x" onerror="window.parent.harmed=1" alt="an image" width="80" height="40">
        <form action="https://evil.example/j"><input autofocus onfocus="window.parent.harmed=1"><button>go</button></form><video poster="https://evil.example/k.png" src="https://evil.example/l.mp4"></video>
        <p style="background:u\72l(https://evil.example/m.png)">Hello <a href="https://shop.example/?q=%22%3E%3Cscript%3E&amp;x='&gt;&lt;script&gt;window.harmed=1&lt;/script&gt;">&lt;img src=x onerror=window.harmed=1&gt;</a></p>
        <div style="position:fixed;inset:0;background:#ff000011"></div></body></html>
        """;
}
