using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Delivery.Contracts.Access;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>
/// The pages behind an unsubscribe link. Without script, picture or cookie; nothing of the request is in them but numbers of lists and words that
/// were compared with known ones. Names come from the accounts file and are escaped. Forms post to where the page stands.
/// </summary>
internal sealed class UnsubscribePage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly PageView _view;
    private readonly PageText _text;
    private readonly StringBuilder _html = new(4096);

    private UnsubscribePage(PageView view)
    {
        _view = view;
        _text = PageText.Of(view.Language);
    }

    public static Task WriteAsync(HttpContext context, int status, PageView view)
    {
        var page = Encoding.UTF8.GetBytes(new UnsubscribePage(view).Render());
        context.Response.StatusCode = status;
        var headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.ContentLanguage = PageText.Of(view.Language).Language;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept-Language";
        headers.ContentSecurityPolicy = PageStyle.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        headers.ContentLength = page.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(page).AsTask();
    }

    private string Render()
    {
        var title = _view.State switch
        {
            PageState.Done or PageState.Thanks => _text.DoneTitle,
            PageState.Back => _text.BackTitle,
            PageState.TryAgain => _text.TryAgainTitle,
            PageState.Unknown => _text.UnknownTitle,
            _ => _text.AskTitle,
        };
        _html.Append("<!doctype html><html lang=\"").Append(_text.Language).Append("\" dir=\"").Append(_text.Direction)
            .Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Append("<meta name=\"robots\" content=\"noindex\"><title>").Append(title).Append("</title><style>").Append(PageStyle.Css)
            .Append("</style></head><body><main><h1>").Append(title).Append("</h1>");
        Body();
        return _html.Append("</main></body></html>\n").ToString();
    }

    private void Body()
    {
        switch (_view.State)
        {
            case PageState.Ask or PageState.AskAgain:
                Ask();
                break;
            case PageState.Done or PageState.Thanks:
                Done();
                break;
            case PageState.Back:
                Status(_text.BackText);
                Names();
                Form(_text.Unsubscribe, second: true);
                break;
            case PageState.TryAgain:
                Paragraph(_text.TryAgainText, "role=\"alert\"");
                Form(_text.TryAgain, wayBack: _view.Asked?.IsWayBack == true, why: _view.Asked?.Why);
                break;
            default:
                Paragraph(_text.UnknownText);
                break;
        }
    }

    private void Ask()
    {
        var name = Name(_view.Sender?.DisplayName);
        Paragraph(name is null ? _text.AskOfNobody : string.Format(CultureInfo.InvariantCulture, _text.AskOf, $"<strong><bdi>{name}</bdi></strong>"), "class=\"soft\"");
        if (_view.Sender is not { Lists.Count: > 0 } sender)
        {
            Paragraph(_text.Question);
            Form(_text.Unsubscribe);
            return;
        }

        if (_view.State == PageState.AskAgain)
            Paragraph(_text.ChooseOne, "id=\"choose\" class=\"bad\" role=\"alert\"");
        _html.Append("<form method=\"post\"><input type=\"hidden\" name=\"").Append(UnsubscribeForm.Choice).Append("\" value=\"").Append(UnsubscribeForm.Yes)
            .Append("\"><fieldset").Append(_view.State == PageState.AskAgain ? " aria-describedby=\"choose\"" : "").Append("><legend>").Append(_text.Choose).Append("</legend>");
        var named = _view.List == 0;
        foreach (var list in sender.Lists)
        {
            named |= list.Id == _view.List;
            Box(list.Id, Name(list.Name)!);
        }

        if (!named)
            Box(_view.List, _text.ThisList);
        Box(0, _text.AllMail);
        _html.Append("</fieldset>");
        Button(_text.Unsubscribe, second: false);
        _html.Append("</form>");
    }

    private void Done()
    {
        var all = _view.Sender is null or { Lists.Count: 0 } || _view.Lists is null or [] or [0];
        if (_view.State == PageState.Thanks)
            Status(_text.Thanks);
        if (all)
            Paragraph(_text.DoneAll, _view.State == PageState.Done ? "role=\"status\"" : null);
        else
            Paragraph(_text.DoneLists, _view.State == PageState.Done ? "role=\"status\"" : null);
        if (!all)
            Names();
        Paragraph(_text.OnTheWay, "class=\"soft\"");
        if (_view.State == PageState.Done)
        {
            Open();
            _html.Append("<fieldset><legend>").Append(_text.Why).Append("</legend>");
            for (var i = 0; i < UnsubscribeReasons.Choices.Count; i++)
            {
                _html.Append("<label><input type=\"radio\" name=\"").Append(UnsubscribeForm.Reason).Append("\" value=\"").Append(UnsubscribeReasons.Choices[i])
                    .Append("\" required><span>").Append(_text.Reasons[i]).Append("</span></label>");
            }

            _html.Append("</fieldset>");
            Button(_text.Send, second: false);
            _html.Append("</form>");
        }

        Form(_text.WayBack, wayBack: true, second: true, before: _text.Mistake);
    }

    /// <summary>The lists that it was about, where they have names.</summary>
    private void Names()
    {
        if (_view.Sender is not { Lists.Count: > 0 } sender || _view.Lists is null or [] or [0])
            return;
        _html.Append("<ul>");
        foreach (var number in _view.Lists)
        {
            var name = Name(sender.Lists.FirstOrDefault(list => list.Id == number)?.Name);
            _html.Append("<li><bdi>").Append(name ?? _text.ThisList).Append("</bdi></li>");
        }

        _html.Append("</ul>");
    }

    private void Form(string button, bool wayBack = false, bool second = false, string? why = null, string? before = null)
    {
        Open();
        if (wayBack)
            Hidden(UnsubscribeForm.Action, UnsubscribeForm.WayBack);
        if (why is not null)
            Hidden(UnsubscribeForm.Reason, why);
        if (before is not null)
            Paragraph(before);
        Button(button, second);
        _html.Append("</form>");
    }

    /// <summary>A form about the same lists as this page; before anything was asked for, about those of the link.</summary>
    private void Open()
    {
        _html.Append("<form method=\"post\">");
        if (_view.Lists is not { } lists)
            return;
        Hidden(UnsubscribeForm.Choice, UnsubscribeForm.Yes);
        foreach (var list in lists)
            Hidden(UnsubscribeForm.Lists, list.ToString(CultureInfo.InvariantCulture));
    }

    private void Hidden(string name, string value) =>
        _html.Append("<input type=\"hidden\" name=\"").Append(name).Append("\" value=\"").Append(value).Append("\">");

    /// <param name="name">Escaped.</param>
    private void Box(uint list, string name)
    {
        var chosen = _view.State == PageState.Ask && list == _view.List;
        _html.Append("<label><input type=\"checkbox\" name=\"").Append(UnsubscribeForm.Lists).Append("\" value=\"").Append(list).Append('"')
            .Append(chosen ? " checked" : "").Append("><span><bdi>").Append(name).Append("</bdi></span></label>");
    }

    private void Button(string text, bool second) =>
        _html.Append("<button type=\"submit\"").Append(second ? " class=\"second\"" : "").Append('>').Append(text).Append("</button>");

    private void Status(string text) => Paragraph(text, "role=\"status\"");

    private void Paragraph(string text, string? attributes = null) =>
        _html.Append("<p").Append(attributes is null ? "" : " ").Append(attributes).Append('>').Append(text).Append("</p>");

    /// <summary>Escaped, in the page's language where the name is there in it.</summary>
    private string? Name(LocalName? name) =>
        (_text.Language == "he" ? name?.He ?? name?.En : name?.En ?? name?.He) is { } text ? Encoder.Encode(text) : null;
}
