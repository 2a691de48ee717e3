namespace Delivery.Aggregator.Mails;

/// <summary>What is known of a job whose mail is asked for.</summary>
/// <param name="Jobs">Rows in table <c>jobs</c>: 0 where only events have arrived.</param>
internal sealed record MailJob(ulong Jobs, ulong Events, string Subject);
