using System.Text.Json;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Dkim;
using Delivery.Mta.Jobs;
using Delivery.Mta.Look.Rules;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>Renders mail to be shown. Stores and sends nothing, and nothing in what it gives can be counted for anybody. Thread-safe.</summary>
internal sealed class MailPreview(TrackingTokens tokens, DkimKeys keys, TimeProvider time)
{
    private const int MaxLinks = 1_000;

    /// <summary>Characters of HTML and text in one answer; recipients beyond get an error instead.</summary>
    private const int MaxCharacters = 16 << 20;

    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(5);

    /// <summary>One entry for each of <paramref name="faults"/>, or one in all where the request has no recipients.</summary>
    public async Task<List<PreviewedMail>> RenderAsync(
        uint account, LookContent content, PreviewRequest request, List<FieldError?> faults, CancellationToken cancellation)
    {
        var composer = new LookComposer(tokens);
        var budget = new LookBudget(time, MayTake);
        var mails = new List<PreviewedMail>();
        if (request.Recipients is null)
            return [Render(composer, content, Nobody(account, request), hasData: request.SubstitutionData.ValueKind == JsonValueKind.Object, 0)];
        var sound = 0;
        long characters = 0;
        for (var index = 0; index < faults.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
            if (faults[index] is { } fault)
            {
                mails.Add(new PreviewedMail { Index = index, Error = fault });
                continue;
            }

            var recipient = request.Recipients[sound++];
            if (characters > MaxCharacters || (sound > 1 && budget.IsSpent))
            {
                mails.Add(new PreviewedMail { Index = index, Error = new FieldError($"recipients[{index}]", "is not rendered: those before it fill the answer; preview fewer at once") });
                continue;
            }

            var mail = Render(composer, content, Input(account, request, recipient, (uint)index), hasData: true, index);
            characters += (mail.Html?.Length ?? 0) + (mail.Text?.Length ?? 0);
            mails.Add(mail);
        }

        return mails;
    }

    /// <summary>The whole message of the request's only recipient; null where <paramref name="fault"/> says why not.</summary>
    public ReadOnlyMemory<byte>? Message(uint account, LookContent content, PreviewRequest request, out FieldError? fault) =>
        new LookComposer(tokens).Compose(content, Input(account, request, request.Recipients![0], 0), hasData: true, out fault)?.Message;

    private PreviewedMail Render(LookComposer composer, LookContent content, in MessageInput input, bool hasData, int index)
    {
        if (composer.Compose(content, input, hasData, out var fault) is not { } mail)
            return new PreviewedMail { Index = index, Error = fault };
        var findings = new Findings(stored: false) { Recipient = (uint)index };
        new RuleBook(keys).Look(mail, findings);
        return new PreviewedMail
        {
            Index = index,
            Subject = mail.Subject,
            From = mail.Header("From"),
            ReplyTo = mail.Header("Reply-To"),
            Headers = mail.Headers,
            Html = mail.Html,
            Text = mail.Text,
            SizeBytes = mail.SizeBytes,
            Links = Links(mail),
            Warnings = findings.ToList(),
        };
    }

    private static List<PreviewedLink> Links(LookMail mail)
    {
        var links = new List<PreviewedLink>();
        foreach (var anchor in mail.Anchors)
        {
            if (links.Count == MaxLinks)
                return links;
            links.Add(new PreviewedLink(anchor.Tracked is { Position: > 0 } tracked ? tracked.Position : null, "html", anchor.Tracked?.Url ?? anchor.Url, anchor.Tracked?.TemplateUrl));
        }

        foreach (var link in mail.Tracked)
        {
            if (link.Part == MessagePart.Text && !mail.Content.Compiled.TextIsDerived && links.Count < MaxLinks)
                links.Add(new PreviewedLink(link.Position, "text", link.Url, link.TemplateUrl));
        }

        return links;
    }

    private MessageInput Nobody(uint account, PreviewRequest request) =>
        Input(account, request, new JobRecipient { Address = new Mailbox(JobCheck.NobodysAddress, null) }, 0);

    private MessageInput Input(uint account, PreviewRequest request, JobRecipient recipient, uint index) =>
        LookInput.Of(account, recipient, index, request.SubstitutionData, request.Metadata, time.GetUtcNow());
}
