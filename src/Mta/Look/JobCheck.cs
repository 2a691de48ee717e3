using Delivery.Contracts.Tokens;
using Delivery.Mta.Dkim;
using Delivery.Mta.Jobs;
using Delivery.Mta.Look.Rules;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Look;

/// <summary>Renders the mail of a sample of recipients and has the rules look at it. Stores and sends nothing. Thread-safe.</summary>
internal sealed class JobCheck(TrackingTokens tokens, DkimKeys keys, TimeProvider time)
{
    /// <summary>Recipients that are looked at unless told otherwise.</summary>
    public const int DefaultSample = 1_000;

    /// <summary>Stands for the address of a recipient where there is none.</summary>
    public const string NobodysAddress = "recipient@example.com";

    /// <summary>Recipients between two steps back, so that looking does not keep the pool's few threads from sending.</summary>
    private const int StepBack = 16;

    private static readonly TimeSpan MayTake = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SubmitMayTake = TimeSpan.FromSeconds(3);

    /// <summary>Looks at recipients of a stored job, until all are seen or the time is over; <paramref name="inputs"/> is walked once.</summary>
    public Task<(List<Finding> Findings, int Sampled)> LookAsync(LookContent content, IEnumerable<MessageInput> inputs, CancellationToken cancellation) =>
        LookAsync(content, inputs, new Findings(stored: true), new LookBudget(time, MayTake), cancellation);

    /// <summary>Looks at the first recipients of a job that was submitted; <paramref name="indexes"/> are their places in the request.</summary>
    public async Task<List<Finding>> LookAsync(uint account, SendJob job, IReadOnlyList<int> indexes, CompiledContent compiled)
    {
        var inputs = job.Recipients.Take(DefaultSample).Select((recipient, place) => Input(account, job, recipient, (uint)indexes[place]));
        var (findings, _) = await LookAsync(
            new LookContent(job.Content, compiled), inputs, new Findings(stored: false), new LookBudget(time, SubmitMayTake), CancellationToken.None).ConfigureAwait(false);
        return findings;
    }

    /// <summary>What refuses a job of <c>options.check</c> <c>strict</c>: errors and warnings, but for a key that no job can bring along.</summary>
    public static List<FieldError> Refusal(IReadOnlyList<Finding> findings)
    {
        var errors = new List<FieldError>();
        foreach (var finding in findings)
        {
            if (finding.Severity != Severity.Info && finding.Code != SenderRule.Code)
            {
                errors.Add(new FieldError(
                    finding.Field, $"{finding.Message} ({finding.Code}, recipients: {finding.Count}, the first is recipients[{finding.Example.Index}])", finding.Line, finding.Column));
            }
        }

        return errors;
    }

    private async Task<(List<Finding> Findings, int Sampled)> LookAsync(
        LookContent content, IEnumerable<MessageInput> inputs, Findings findings, LookBudget budget, CancellationToken cancellation)
    {
        var composer = new LookComposer(tokens);
        var rules = new RuleBook(keys);
        var sampled = 0;
        foreach (var input in inputs)
        {
            if (sampled > 0 && budget.IsSpent)
                break;
            cancellation.ThrowIfCancellationRequested();
            if (sampled % StepBack == 0)
                await Task.Yield();
            Look(composer, rules, content, input, hasData: true, findings);
            sampled++;
        }

        if (sampled == 0)
            Look(composer, rules, content, Nobody(time.GetUtcNow()), hasData: false, findings);
        return (findings.ToList(), sampled);
    }

    private static void Look(LookComposer composer, RuleBook rules, LookContent content, in MessageInput input, bool hasData, Findings findings)
    {
        findings.Recipient = input.Recipient;
        if (composer.Compose(content, input, hasData, out var fault) is { } mail)
            rules.Look(mail, findings);
        else if (hasData)
            findings.Add("render_failed", Severity.Error, fault!.Field, fault.Message, line: fault.Line, column: fault.Column);
    }

    private MessageInput Input(uint account, SendJob job, JobRecipient recipient, uint index) =>
        LookInput.Of(account, recipient, index, job.SubstitutionData, job.Metadata, time.GetUtcNow());

    /// <summary>Whom content is rendered for that has no recipients yet.</summary>
    private static MessageInput Nobody(DateTimeOffset now) => new()
    {
        Account = 0,
        Job = long.MaxValue,
        Recipient = 0,
        Date = now,
        Email = NobodysAddress,
        Key = default,
    };
}
