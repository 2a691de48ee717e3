using Delivery.Contracts.Events;
using Delivery.Mta.Jobs;
using Delivery.Mta.Outcomes;
using Microsoft.Extensions.Configuration.Memory;

namespace Delivery.Mta.Telemetry;

/// <summary>
/// One line for each attempt, category <see cref="Category"/>; off unless its log level is set. No line holds an address, content or a reply's text,
/// which may quote either. Thread-safe.
/// </summary>
internal sealed partial class AttemptLog(ILoggerFactory logs)
{
    public const string Category = "Delivery.Mta.Attempts";

    /// <summary>The level unless it is set: thousands of lines a second would be the bottleneck, and every outcome is an event anyway.</summary>
    public const LogLevel Default = LogLevel.Warning;

    private readonly ILogger _log = logs.CreateLogger(Category);

    /// <summary>Says the default below all that an operator may say. A filter in code would come before the settings.</summary>
    public static void SetDefault(ConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:" + Category, Default.ToString())] });

    /// <summary>Somebody wants lines, at least of what went wrong.</summary>
    public bool IsOn => _log.IsEnabled(LogLevel.Information);

    public void Write(IReadOnlyList<AttemptOutcome> outcomes)
    {
        if (!IsOn)
            return;
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Event is { } told)
                Write(outcomes[i], told);
        }
    }

    private void Write(AttemptOutcome outcome, in DeliveryEvent told)
    {
        var level = told.Kind == EventKind.Delivered ? LogLevel.Debug : LogLevel.Information;
        if (!_log.IsEnabled(level))
            return;
        var domain = RecipientAddress.Domain(outcome.Recipient.Email);
        var took = (long)outcome.Took.TotalMilliseconds;
        if (told.Kind == EventKind.Delivered)
            Delivered(_log, told.Kind, told.Account, told.Job, told.Recipient, domain, told.Attempt, told.SmtpCode, told.EnhancedStatus ?? "", told.Mx ?? "", took, told.Uncertain);
        else
        {
            Failed(_log, told.Kind, told.Account, told.Job, told.Recipient, domain, told.Attempt, told.SmtpCode, told.EnhancedStatus ?? "", told.BounceClass, told.Reason ?? "",
                told.Mx ?? "", took, told.Uncertain);
        }
    }

    [LoggerMessage(40, LogLevel.Debug,
        "{Outcome}: account {Account} job {Job} recipient {Recipient} domain {Domain} attempt {Attempt} code {Code} status {Status} mx {Mx} ms {Milliseconds} uncertain {Uncertain}")]
    private static partial void Delivered(
        ILogger log, EventKind outcome, uint account, ulong job, uint recipient, string domain, int attempt, int code, string status, string mx, long milliseconds, bool uncertain);

    [LoggerMessage(41, LogLevel.Information,
        "{Outcome}: account {Account} job {Job} recipient {Recipient} domain {Domain} attempt {Attempt} code {Code} status {Status} class {BounceClass} reason {Reason} mx {Mx} ms {Milliseconds} uncertain {Uncertain}")]
    private static partial void Failed(
        ILogger log, EventKind outcome, uint account, ulong job, uint recipient, string domain, int attempt, int code, string status, BounceClass bounceClass, string reason, string mx,
        long milliseconds, bool uncertain);
}
